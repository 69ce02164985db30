using System.Collections.Immutable;
using OrleansStore.Diagnostics;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of the answers to writes, outcome queries and reads of one key.</summary>
/// <remarks>
/// <code>
/// little-endian; v = varint (PayloadHeader)
/// advice    0 for none, else v: 1 more than the milliseconds to wait (0..3,600,000)
/// write     status 1 | revision v | durable copies v (0..65,535) | advice | PreconditionFailed: index of the failed guard 1 (0..127)
///                                                                        | Applied, NotFound: count v (0..128), outcome 1 each
/// outcome   status 1 | Applied, Rejected: write, of a status that fits
/// read      status 1 | revision v | applied index v | advice | Found: record (RecordCodec)
/// </code>
/// Buckets' form of a remembered answer is another: it knows decided writes only, and neither copies nor advice.
/// </remarks>
internal static class ResultCodec
{
    public static void Write(ref WireWriter writer, WriteResult result)
    {
        var hasOutcomes = result.Status is WriteStatus.Applied or WriteStatus.NotFound;
        Invariant.Check(IsKnown(result.Status), $"write status {result.Status}");
        Invariant.Check((result.FailedGuard is not null) == (result.Status == WriteStatus.PreconditionFailed), $"{result.Status} with failed guard {result.FailedGuard}");
        Invariant.Check(hasOutcomes || result.Operations.IsEmpty, $"{result.Status} with {result.Operations.Length} outcomes");
        Invariant.Check(result.DurableCopies is >= 0 and <= ushort.MaxValue, $"{result.DurableCopies} durable copies");
        writer.Byte((byte)result.Status);
        writer.Varint(result.Revision.Value);
        writer.Varint((uint)result.DurableCopies);
        WriteAdvice(ref writer, result.RetryAfter);
        if (result.FailedGuard is { } guard)
        {
            writer.Byte((byte)guard);
        }

        if (!hasOutcomes)
        {
            return;
        }

        writer.Varint((uint)result.Operations.Length);
        foreach (var outcome in result.Operations)
        {
            writer.Byte((byte)outcome);
        }
    }

    public static WriteResult ReadWrite(ref WireReader reader)
    {
        var status = (WriteStatus)reader.Enum("write status", (byte)WriteStatus.DiskFull);
        var revision = new Revision(reader.Varint("revision"));
        var copies = reader.Count("durable copies", 0, ushort.MaxValue);
        var result = new WriteResult(status, revision) { DurableCopies = copies, RetryAfter = ReadAdvice(ref reader) };
        switch (status)
        {
            case WriteStatus.PreconditionFailed:
                var guard = reader.Byte("failed guard");
                reader.Require(guard < StoreLimits.MaxGuards, "failed guard", guard);
                return result with { FailedGuard = guard };
            case WriteStatus.Applied or WriteStatus.NotFound:
                return result with { Operations = ReadOutcomes(ref reader) };
            default:
                return result;
        }
    }

    public static void Write(ref WireWriter writer, OutcomeResult result)
    {
        var fits = Fits(result.Status, result.Result?.Status);
        Invariant.Check(fits, $"outcome {result.Status} with a result of {result.Result?.Status}");
        writer.Byte((byte)result.Status);
        if (result.Result is { } write)
        {
            Write(ref writer, write);
        }
    }

    public static OutcomeResult ReadOutcome(ref WireReader reader)
    {
        var status = (OutcomeStatus)reader.Enum("outcome status", (byte)OutcomeStatus.Unknown);
        var result = status is OutcomeStatus.Applied or OutcomeStatus.Rejected ? ReadWrite(ref reader) : null;
        reader.Require(Fits(status, result?.Status), "write status", (ulong)(result?.Status ?? 0));
        return new OutcomeResult(status, result);
    }

    public static void Write(ref WireWriter writer, ReadResult result)
    {
        Invariant.Check((result.Record is not null) == (result.Status == ReadStatus.Found), $"read status {result.Status}");
        writer.Byte((byte)result.Status);
        writer.Varint(result.Revision.Value);
        writer.Varint(result.AppliedIndex.Value);
        WriteAdvice(ref writer, result.RetryAfter);
        if (result.Record is { } record)
        {
            RecordCodec.Write(ref writer, record);
        }
    }

    public static ReadResult ReadRead(ref WireReader reader)
    {
        var status = (ReadStatus)reader.Enum("read status", (byte)ReadStatus.Throttled);
        var revision = new Revision(reader.Varint("revision"));
        var applied = new LogIndex(reader.Varint("applied index"));
        var advice = ReadAdvice(ref reader);
        var record = status == ReadStatus.Found ? RecordCodec.Read(ref reader) : null;
        return new ReadResult(status, record, revision, applied) { RetryAfter = advice };
    }

    public static void WriteAdvice(ref WireWriter writer, TimeSpan? retryAfter)
    {
        if (retryAfter is not { } delay)
        {
            writer.Varint(0);
            return;
        }

        // Rounded up: who asks a little later than advised does no harm.
        var ticks = Math.Clamp(delay.Ticks, 0, WireLimits.MaxRetryAfter.Ticks);
        writer.Varint(1 + (ulong)((ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond));
    }

    public static TimeSpan? ReadAdvice(ref WireReader reader)
    {
        var milliseconds = reader.Varint("retry after", 0, 1 + (ulong)WireLimits.MaxRetryAfter.TotalMilliseconds);
        return milliseconds == 0 ? null : TimeSpan.FromMilliseconds((long)milliseconds - 1);
    }

    private static bool IsKnown(WriteStatus status) => status is >= WriteStatus.Applied and <= WriteStatus.DiskFull;

    private static bool Fits(OutcomeStatus outcome, WriteStatus? write) => outcome switch
    {
        OutcomeStatus.Applied => write == WriteStatus.Applied,
        OutcomeStatus.Rejected => write is WriteStatus.PreconditionFailed or WriteStatus.NotFound,
        >= OutcomeStatus.NeverApplied and <= OutcomeStatus.Unknown => write is null,
        _ => false,
    };

    private static ImmutableArray<OperationOutcome> ReadOutcomes(ref WireReader reader)
    {
        var count = reader.Count("outcome count", 0, StoreLimits.MaxOperations);
        var outcomes = ImmutableArray.CreateBuilder<OperationOutcome>(count);
        for (var i = 0; i < count; i++)
        {
            outcomes.Add((OperationOutcome)reader.Enum("outcome", (byte)OperationOutcome.Missing));
        }

        return outcomes.MoveToImmutable();
    }
}
