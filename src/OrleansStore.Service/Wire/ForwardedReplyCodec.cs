using System.Buffers;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Diagnostics;
using OrleansStore.Service.Engine;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of a <see cref="ForwardedReply"/>.</summary>
/// <remarks>
/// <code>
/// little-endian; v = varint (PayloadHeader)
/// reply     header 18, kind 3 | correlation id v | reply kind 1 | options 1: bit 0 leader follows, others 0 | [leader 8, not 0] | body
/// Write     write result (ResultCodec)
/// Outcome   outcome result (ResultCodec)
/// Read      read result (ResultCodec)
/// Page      page (ResultCodec)
/// NotSent   nothing; no leader
/// Lost      nothing; no leader
/// </code>
/// </remarks>
public static class ForwardedReplyCodec
{
    private const byte WithLeader = 1;

    /// <summary>Encodes a reply. It goes on the connection that <see cref="LinkChoice"/> names for its length.</summary>
    /// <param name="reply">The reply. Advice when to retry is rounded up to whole milliseconds and cut to [0, <see cref="WireLimits.MaxRetryAfter"/>].</param>
    /// <param name="output">Receives the payload.</param>
    /// <returns>False, and nothing is written, if it is longer than a payload can be: a record, or the first one of a page, is larger than
    /// <see cref="WireLimits.MaxTransactionBytes"/> would have let in, or the page was not bounded by <see cref="WireLimits.MaxPageBytes"/>.</returns>
    /// <exception cref="InvariantViolationException">The reply breaks a rule of its kind, which every recipient would refuse.</exception>
    public static bool TryEncode(ForwardedReply reply, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(reply);
        ArgumentNullException.ThrowIfNull(output);
        var counter = default(WireWriter);
        Write(ref counter, reply);
        if (!counter.TryReserve(output, out var writer))
        {
            return false;
        }

        Write(ref writer, reply);
        writer.Commit(output);
        return true;
    }

    /// <summary>Reads which call a reply ends, and leaves the rest unchecked: for whoever passes it on.</summary>
    /// <param name="payload">A payload of kind <see cref="WireKind.Reply"/>; not kept.</param>
    /// <exception cref="CorruptionException">The bytes are not the beginning of a reply.</exception>
    /// <exception cref="UnknownPayloadException">Kind or format version are not known to this version.</exception>
    public static ulong ReadCorrelationId(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        PayloadHeader.Read(ref reader, WireKind.Reply);
        return reader.Varint("correlation id");
    }

    /// <summary>Decodes a reply.</summary>
    /// <param name="payload">A payload of kind <see cref="WireKind.Reply"/>; not kept. Keys and values of the result are slices of one copy of it.</param>
    /// <exception cref="CorruptionException">The bytes are not the encoding of a reply.</exception>
    /// <exception cref="UnknownPayloadException">Kind, format version, or a status within the reply are not known to this version. The request must be taken for lost.</exception>
    public static ForwardedReply Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(new ReadOnlyMemory<byte>(payload.ToArray()));
        var header = PayloadHeader.Read(ref reader, WireKind.Reply);
        var correlationId = reader.Varint("correlation id");
        var kind = (ReplyKind)reader.Enum("reply kind", (byte)ReplyKind.Lost);
        var isAnswered = kind <= ReplyKind.Page;
        var hasLeader = reader.Options("reply options", isAnswered ? WithLeader : (byte)0) == WithLeader;
        var leader = new ReplicaId(hasLeader ? reader.Fixed64("leader") : 0);
        reader.Require(!hasLeader || leader != ReplicaId.None, "leader", leader.Value);
        var result = kind switch
        {
            ReplyKind.Write => Answered(new BucketReply(0, Write: ResultCodec.ReadWrite(ref reader), Leader: leader)),
            ReplyKind.Outcome => Answered(new BucketReply(0, Outcome: ResultCodec.ReadOutcome(ref reader), Leader: leader)),
            ReplyKind.Read => Answered(new BucketReply(0, Read: ResultCodec.ReadRead(ref reader), Leader: leader)),
            ReplyKind.Page => Answered(new BucketReply(0, Page: PageCodec.Read(ref reader), Leader: leader)),
            ReplyKind.NotSent => new CallResult(CallStatus.NotSent),
            _ => new CallResult(CallStatus.Lost),
        };
        reader.RequireEnd();
        return new ForwardedReply(header.Bucket, header.Epoch, correlationId, result);
    }

    private static CallResult Answered(BucketReply reply) => new(CallStatus.Answered, reply);

    private static void Write(ref WireWriter writer, ForwardedReply reply)
    {
        new PayloadHeader(WireKind.Reply, reply.Bucket, reply.Epoch).Write(ref writer);
        writer.Varint(reply.CorrelationId);
        var answer = reply.Result.Reply;
        var kind = KindOf(reply.Result);
        var hasLeader = reply.Result.Status == CallStatus.Answered && answer.Leader != ReplicaId.None;
        writer.Byte((byte)kind);
        writer.Byte(hasLeader ? WithLeader : (byte)0);
        if (hasLeader)
        {
            writer.Fixed64(answer.Leader.Value);
        }

        switch (kind)
        {
            case ReplyKind.Write:
                ResultCodec.Write(ref writer, answer.Write!);
                break;
            case ReplyKind.Outcome:
                ResultCodec.Write(ref writer, answer.Outcome!);
                break;
            case ReplyKind.Read:
                ResultCodec.Write(ref writer, answer.Read!);
                break;
            case ReplyKind.Page:
                PageCodec.Write(ref writer, answer.Page!);
                break;
            default:
                break;
        }
    }

    private static ReplyKind KindOf(CallResult result)
    {
        if (result.Status != CallStatus.Answered)
        {
            Invariant.Check(result.Status is CallStatus.NotSent or CallStatus.Lost, $"call status {result.Status}");
            return result.Status == CallStatus.NotSent ? ReplyKind.NotSent : ReplyKind.Lost;
        }

        var reply = result.Reply;
        var answers = (reply.Write is null ? 0 : 1) + (reply.Outcome is null ? 0 : 1) + (reply.Read is null ? 0 : 1) + (reply.Page is null ? 0 : 1);
        Invariant.Check(answers == 1, $"a reply has {answers} answers");
        return reply.Write is not null ? ReplyKind.Write
            : reply.Outcome is not null ? ReplyKind.Outcome
            : reply.Read is not null ? ReplyKind.Read
            : ReplyKind.Page;
    }
}
