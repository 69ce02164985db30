using System.Collections.Immutable;
using OrleansStore.Buckets.Binary;

namespace OrleansStore.Buckets.Identity;

/// <summary>The bytes of a decided answer: enough to give a retried request its first answer.</summary>
/// <remarks>
/// <code>
/// little-endian
/// answer   status 1 | revision 8 | Applied, NotFound: count 1 (0..128), outcome 1 each
///                                | PreconditionFailed: index of the failed guard 1
///                                | NeverApplied: nothing
/// </code>
/// </remarks>
internal static class AnswerCodec
{
    /// <summary>What an answer has beside one byte per operation, at most.</summary>
    public const int MaxOverheadBytes = HeaderBytes + 1;

    private const int HeaderBytes = 9;

    public static int Measure(WriteResult answer) => HeaderBytes + answer.Status switch
    {
        WriteStatus.PreconditionFailed => 1,
        WriteStatus.NeverApplied => 0,
        _ => 1 + answer.Operations.Length,
    };

    public static void Write(WriteResult answer, Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        writer.Write((byte)answer.Status);
        writer.Write(answer.Revision.Value);
        switch (answer.Status)
        {
            case WriteStatus.PreconditionFailed:
                writer.Write((byte)answer.FailedGuard!.Value);
                break;
            case WriteStatus.NeverApplied:
                break;
            default:
                writer.Write((byte)answer.Operations.Length);
                foreach (var outcome in answer.Operations)
                {
                    writer.Write((byte)outcome);
                }

                break;
        }

        writer.Finish();
    }

    /// <exception cref="CorruptionException">The bytes are not an answer.</exception>
    public static WriteResult Read(ref SpanReader reader)
    {
        var status = (WriteStatus)reader.ReadByte("status");
        var isDecided = status is WriteStatus.Applied or WriteStatus.NotFound or WriteStatus.PreconditionFailed or WriteStatus.NeverApplied;
        reader.Require(isDecided, "status", (long)status);
        var answer = new WriteResult(status, new Revision(reader.ReadUInt64("revision")));
        switch (status)
        {
            case WriteStatus.PreconditionFailed:
                var guard = reader.ReadByte("failed guard");
                reader.Require(guard < StoreLimits.MaxGuards, "failed guard", guard);
                answer = answer with { FailedGuard = guard };
                break;
            case WriteStatus.NeverApplied:
                break;
            default:
                answer = answer with { Operations = ReadOutcomes(ref reader) };
                break;
        }

        reader.RequireEnd();
        return answer;
    }

    private static ImmutableArray<OperationOutcome> ReadOutcomes(ref SpanReader reader)
    {
        var count = reader.ReadByte("outcome count");
        reader.Require(count <= StoreLimits.MaxOperations, "outcome count", count);
        var outcomes = ImmutableArray.CreateBuilder<OperationOutcome>(count);
        for (var i = 0; i < count; i++)
        {
            var outcome = (OperationOutcome)reader.ReadByte("outcome");
            reader.Require(outcome is >= OperationOutcome.Created and <= OperationOutcome.Missing, "outcome", (long)outcome);
            outcomes.Add(outcome);
        }

        return outcomes.MoveToImmutable();
    }
}
