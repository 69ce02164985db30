using System.Buffers;
using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>Payloads of any kind, as a link carries them.</summary>
internal static class Payloads
{
    /// <summary>The local time of all tests that encode or decode requests.</summary>
    public static MonotonicTime Now => RandomForwards.Now;

    public static byte[] Encode(BucketId bucket, Epoch epoch, in RaftMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(RaftCodec.TryEncode(bucket, epoch, message, output));
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Encode(ForwardedRequest request, MonotonicTime? now = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(ForwardedRequestCodec.TryEncode(request, now ?? Now, output));
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Encode(ForwardedReply reply)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(ForwardedReplyCodec.TryEncode(reply, output));
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Encode(SnapshotOffer offer)
    {
        var output = new ArrayBufferWriter<byte>();
        SnapshotTransferCodec.Encode(offer, output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Encode(in SnapshotChunk chunk)
    {
        var output = new ArrayBufferWriter<byte>();
        SnapshotTransferCodec.Encode(chunk, output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Encode(in SnapshotProgress progress)
    {
        var output = new ArrayBufferWriter<byte>();
        SnapshotTransferCodec.Encode(progress, output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Encode(Epoch epoch, RaftMessageType type, ReplicaId from, ReplicaId to, IEnumerable<BucketHeartbeat> heartbeats)
    {
        var output = new ArrayBufferWriter<byte>();
        HeartbeatsCodec.Encode(epoch, type, from, to, heartbeats.ToArray(), output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>A random payload of a random kind.</summary>
    public static byte[] Random(WireRandom random) => (WireKind)(1 + random.Below(7)) switch
    {
        WireKind.Raft => Encode(RandomMessages.Bucket(random), RandomMessages.Epoch(random), RandomMessages.Raft(random)),
        WireKind.Request => Encode(RandomForwards.Request(random)),
        WireKind.Reply => Encode(RandomForwards.Reply(random)),
        WireKind.SnapshotOffer => Encode(RandomMessages.Offer(random)),
        WireKind.SnapshotChunk => Encode(RandomMessages.Chunk(random)),
        WireKind.Heartbeats => RandomHeartbeats(random),
        _ => Encode(RandomMessages.Progress(random)),
    };

    /// <summary>Decodes a payload by its header, as the owner of a link does, and encodes what came out.</summary>
    public static byte[] Recode(ReadOnlySpan<byte> payload)
    {
        var header = PayloadHeader.Read(payload);
        return header.Kind switch
        {
            WireKind.Raft => Encode(header.Bucket, header.Epoch, RaftCodec.Decode(payload)),
            WireKind.Request => Encode(ForwardedRequestCodec.Decode(payload, Now)),
            WireKind.Reply => Encode(ForwardedReplyCodec.Decode(payload)),
            WireKind.SnapshotOffer => Encode(SnapshotTransferCodec.DecodeOffer(payload)),
            WireKind.SnapshotChunk => Encode(SnapshotTransferCodec.DecodeChunk(payload)),
            WireKind.Heartbeats => RecodeHeartbeats(header.Epoch, payload),
            _ => Encode(SnapshotTransferCodec.DecodeProgress(payload)),
        };
    }

    private static byte[] RandomHeartbeats(WireRandom random)
    {
        var type = random.Chance(50) ? RaftMessageType.Heartbeat : RaftMessageType.HeartbeatResponse;
        return Encode(
            RandomMessages.Epoch(random), type, RandomMessages.Replica(random), RandomMessages.Replica(random), RandomMessages.Heartbeats(random, type));
    }

    private static byte[] RecodeHeartbeats(Epoch epoch, ReadOnlySpan<byte> payload)
    {
        var heartbeats = new List<BucketHeartbeat>();
        var (type, from, to) = HeartbeatsCodec.Decode(payload, heartbeats);
        return Encode(epoch, type, from, to, heartbeats);
    }
}
