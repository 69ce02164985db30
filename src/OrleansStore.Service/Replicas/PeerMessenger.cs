using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Replicas;

/// <summary>Encodes what goes to other datacenters and puts it on the right connection. Safe for concurrent use.</summary>
/// <remarks>Every member returns false where the payload was dropped: the link is not up, or its queue is full.</remarks>
internal sealed class PeerMessenger(IPeerLinks links, Epoch epoch)
{
    private const int MaxPooledBuffers = 64;
    private const int MaxPooledBytes = 256 * 1024;

    private readonly ConcurrentBag<ArrayBufferWriter<byte>> _buffers = [];
    private readonly ConcurrentBag<HeartbeatBatch> _batches = [];
    private readonly ConcurrentBag<List<BucketHeartbeat>> _heartbeats = [];

    public bool TrySend(BucketId bucket, in RaftMessage message)
    {
        var buffer = Rent();
        var isSent = RaftCodec.TryEncode(bucket, epoch, message, buffer)
            && links.TrySend(new DatacenterId(message.To.Datacenter), LinkChoice.Of(message.Type), buffer.WrittenSpan);
        Return(buffer);
        return isSent;
    }

    public bool TrySendHeartbeats(RaftMessageType type, ReplicaId from, ReplicaId to, List<BucketHeartbeat> heartbeats)
    {
        var buffer = Rent();
        HeartbeatsCodec.Encode(epoch, type, from, to, CollectionsMarshal.AsSpan(heartbeats), buffer);
        var isSent = links.TrySend(new DatacenterId(to.Datacenter), LinkClass.Control, buffer.WrittenSpan);
        Return(buffer);
        return isSent;
    }

    /// <summary>Takes an empty batch; it comes back with <see cref="SendBatch"/>.</summary>
    public HeartbeatBatch RentBatch() => _batches.TryTake(out var batch) ? batch : new HeartbeatBatch(this);

    public void SendBatch(HeartbeatBatch batch)
    {
        batch.Send();
        _batches.Add(batch);
    }

    /// <summary>Takes an empty list; it comes back with <see cref="Return(List{BucketHeartbeat})"/>.</summary>
    public List<BucketHeartbeat> RentHeartbeats() => _heartbeats.TryTake(out var list) ? list : [];

    public void Return(List<BucketHeartbeat> heartbeats)
    {
        heartbeats.Clear();
        _heartbeats.Add(heartbeats);
    }

    public bool TrySendRequest(DatacenterId to, ulong id, BucketId bucket, BucketRequest request, RequestContext context, DatacenterId destination, MonotonicTime now)
    {
        var buffer = Rent();
        var forwarded = new ForwardedRequest(bucket, epoch, id, request, context.Principal) { Trace = Activity.Current?.Context, Destination = destination };
        var isSent = ForwardedRequestCodec.TryEncode(forwarded, now, buffer)
            && links.TrySend(to, LinkChoice.Of(WireKind.Request, buffer.WrittenCount), buffer.WrittenSpan);
        Return(buffer);
        return isSent;
    }

    public bool TrySendReply(DatacenterId to, ulong id, BucketId bucket, in CallResult result)
    {
        var buffer = Rent();
        var isSent = ForwardedReplyCodec.TryEncode(new ForwardedReply(bucket, epoch, id, result), buffer)
            && links.TrySend(to, LinkChoice.Of(WireKind.Reply, buffer.WrittenCount), buffer.WrittenSpan);
        Return(buffer);
        return isSent;
    }

    public bool TrySend(DatacenterId to, SnapshotOffer offer)
    {
        var buffer = Rent();
        SnapshotTransferCodec.Encode(offer, buffer);
        var isSent = links.TrySend(to, LinkClass.Bulk, buffer.WrittenSpan);
        Return(buffer);
        return isSent;
    }

    public bool TrySendChunk(DatacenterId to, BucketId bucket, ulong transfer, long offset, ReadOnlyMemory<byte> data)
    {
        var buffer = Rent();
        SnapshotTransferCodec.Encode(new SnapshotChunk(bucket, epoch, transfer, offset, data), buffer);
        var isSent = links.TrySend(to, LinkClass.Bulk, buffer.WrittenSpan);
        Return(buffer);
        return isSent;
    }

    public bool TrySendProgress(DatacenterId to, BucketId bucket, ulong transfer, long nextOffset, SnapshotTransferStatus status)
    {
        var buffer = Rent();
        SnapshotTransferCodec.Encode(new SnapshotProgress(bucket, epoch, transfer, nextOffset, status), buffer);
        var isSent = links.TrySend(to, LinkClass.Control, buffer.WrittenSpan);
        Return(buffer);
        return isSent;
    }

    private ArrayBufferWriter<byte> Rent() => _buffers.TryTake(out var buffer) ? buffer : new ArrayBufferWriter<byte>(256);

    private void Return(ArrayBufferWriter<byte> buffer)
    {
        if (buffer.Capacity <= MaxPooledBytes && _buffers.Count < MaxPooledBuffers)
        {
            buffer.ResetWrittenCount();
            _buffers.Add(buffer);
        }
    }
}
