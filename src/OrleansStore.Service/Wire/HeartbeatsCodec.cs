using System.Buffers;
using OrleansStore.Consensus.Messages;
using OrleansStore.Diagnostics;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of the heartbeats, or of the answers to heartbeats, of many buckets between one pair of replicas: what an idle bucket costs on a link.</summary>
/// <remarks>
/// <code>
/// little-endian; v = varint (PayloadHeader)
/// size
///   18  header, kind 7; the bucket is 0 and means nothing
///    1  type, RaftMessageType: heartbeat or its answer
///    8  from
///    8  to
///    8  base time
///    v  count, 1 to MaxHeartbeats; then for each
///         v  bucket, BucketId.Packed
///         v  term
///         v  commit, heartbeats only
///         v  context
///         v  sent at less base time, zigzag; 0 in the first
/// </code>
/// Each is the same message that <see cref="RaftCodec"/> would carry alone, and says what that would: a lease is extended by an answer that names the bucket's term, never by the
/// payload as such (invariant 6).
/// </remarks>
public static class HeartbeatsCodec
{
    /// <summary>The most heartbeats in one payload: with their longest encoding they stay below <see cref="WireLimits.MaxControlForwardBytes"/>.</summary>
    public const int MaxHeartbeats = 1024;

    /// <summary>Encodes a batch.</summary>
    /// <param name="epoch">The sender's topology epoch.</param>
    /// <param name="type"><see cref="RaftMessageType.Heartbeat"/> or <see cref="RaftMessageType.HeartbeatResponse"/>.</param>
    /// <param name="from">The sender.</param>
    /// <param name="to">The recipient.</param>
    /// <param name="heartbeats">1 to <see cref="MaxHeartbeats"/>.</param>
    /// <param name="output">Receives the payload; nothing else is allocated.</param>
    /// <exception cref="InvariantViolationException">A rule of the format is broken, which every recipient would refuse.</exception>
    public static void Encode(
        Epoch epoch, RaftMessageType type, ReplicaId from, ReplicaId to, ReadOnlySpan<BucketHeartbeat> heartbeats, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Invariant.Check(IsType(type) && from != ReplicaId.None && to != ReplicaId.None, $"{type} from {from} to {to} is no heartbeat");
        Invariant.Check(heartbeats.Length is > 0 and <= MaxHeartbeats, $"{heartbeats.Length} heartbeats must be in [1, {MaxHeartbeats}]");
        var counter = default(WireWriter);
        Write(ref counter, epoch, type, from, to, heartbeats);
        var fits = counter.TryReserve(output, out var writer);
        Invariant.Check(fits, $"{heartbeats.Length} heartbeats take {counter.Length} bytes");
        Write(ref writer, epoch, type, from, to, heartbeats);
        writer.Commit(output);
    }

    /// <summary>Decodes a batch.</summary>
    /// <param name="payload">A payload of kind <see cref="WireKind.Heartbeats"/>; not kept.</param>
    /// <param name="heartbeats">Receives the heartbeats, after what it holds.</param>
    /// <returns>Type, sender and recipient of all of them.</returns>
    /// <exception cref="CorruptionException">The bytes are not the encoding of a batch.</exception>
    /// <exception cref="UnknownPayloadException">Kind or format version are not known to this version.</exception>
    public static (RaftMessageType Type, ReplicaId From, ReplicaId To) Decode(ReadOnlySpan<byte> payload, List<BucketHeartbeat> heartbeats)
    {
        ArgumentNullException.ThrowIfNull(heartbeats);
        var reader = new WireReader(payload);
        var header = PayloadHeader.Read(ref reader, WireKind.Heartbeats);
        reader.Require(header.Bucket == default, "bucket", header.Bucket.Packed);
        var type = (RaftMessageType)reader.Enum("message type", (byte)RaftMessageType.HibernateResponse);
        reader.Require(IsType(type), "message type", (ulong)type);
        var (from, to) = (new ReplicaId(reader.Fixed64("sender")), new ReplicaId(reader.Fixed64("recipient")));
        reader.Require(from != ReplicaId.None, "sender", 0);
        reader.Require(to != ReplicaId.None, "recipient", 0);
        var time = (long)reader.Fixed64("base time");
        var count = reader.Count("count", 1, MaxHeartbeats);
        for (var i = 0; i < count; i++)
        {
            var heartbeat = ReadOne(ref reader, type, time);
            reader.Require(i > 0 || heartbeat.SentAt.Ticks == time, "base time", (ulong)time);
            heartbeats.Add(heartbeat);
        }

        reader.RequireEnd();
        return (type, from, to);
    }

    private static bool IsType(RaftMessageType type) => type is RaftMessageType.Heartbeat or RaftMessageType.HeartbeatResponse;

    private static void Write(
        ref WireWriter writer, Epoch epoch, RaftMessageType type, ReplicaId from, ReplicaId to, ReadOnlySpan<BucketHeartbeat> heartbeats)
    {
        var time = heartbeats[0].SentAt.Ticks;
        new PayloadHeader(WireKind.Heartbeats, default, epoch).Write(ref writer);
        writer.Byte((byte)type);
        writer.Fixed64(from.Value);
        writer.Fixed64(to.Value);
        writer.Fixed64((ulong)time);
        writer.Varint((uint)heartbeats.Length);
        foreach (ref readonly var heartbeat in heartbeats)
        {
            Invariant.Check(heartbeat.Term != Term.None, "a leader, and whoever answers it, is in a term");
            writer.Varint(heartbeat.Bucket.Packed);
            writer.Varint(heartbeat.Term.Value);
            if (type == RaftMessageType.Heartbeat)
            {
                writer.Varint(heartbeat.Commit.Value);
            }

            writer.Varint(heartbeat.Context);
            var delta = unchecked(heartbeat.SentAt.Ticks - time);
            writer.Varint((ulong)((delta << 1) ^ (delta >> 63)));
        }
    }

    private static BucketHeartbeat ReadOne(ref WireReader reader, RaftMessageType type, long time)
    {
        var packed = reader.Varint("bucket");
        var isBucket = BucketId.TryUnpack(packed, out var bucket);
        reader.Require(isBucket, "bucket", packed);
        var term = new Term(reader.Varint("term", 1, ulong.MaxValue));
        var commit = type == RaftMessageType.Heartbeat ? new LogIndex(reader.Varint("commit")) : LogIndex.None;
        var context = reader.Varint("context");
        var zigzag = reader.Varint("sent at");
        return new BucketHeartbeat(bucket, term, commit, context, new MonotonicTime(unchecked(time + ((long)(zigzag >> 1) ^ -(long)(zigzag & 1)))));
    }
}
