using System.Buffers;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Replicas;
using OrleansStore.Service.Wire;

namespace OrleansStore.Datacenters.Silos;

/// <content>Which silo a payload is for.</content>
public sealed partial class SiloSwitch
{
    /// <returns>False where it was dropped for certain.</returns>
    private bool Route(DatacenterId from, LinkClass linkClass, byte hops, ReadOnlySpan<byte> payload)
    {
        try
        {
            var header = PayloadHeader.Read(payload);
            return header.Kind switch
            {
                WireKind.Reply => RouteReply(from, linkClass, hops, payload),
                WireKind.Heartbeats => RouteHeartbeats(from, linkClass, hops, header.Epoch, payload),
                _ => RouteTo(header.Bucket, from, linkClass, hops, payload),
            };
        }
        catch (Exception reason) when (reason is CorruptionException or UnknownPayloadException)
        {
            // The buckets know what to say of bytes that are not what they should be (invariant 12).
            return Deliver(from, linkClass, payload);
        }
    }

    private bool Deliver(DatacenterId from, LinkClass linkClass, ReadOnlySpan<byte> payload)
    {
        _buckets?.OnPayload(from, linkClass, payload);
        return _buckets is not null;
    }

    private bool RouteReply(DatacenterId from, LinkClass linkClass, byte hops, ReadOnlySpan<byte> payload)
    {
        var tag = CallId.TagOf(ForwardedReplyCodec.ReadCorrelationId(payload));
        if (tag == _cluster.Self.Tag)
        {
            return Deliver(from, linkClass, payload);
        }

        foreach (var silo in _cluster.Members)
        {
            if (silo.Tag == tag)
            {
                return PassOn(silo, from, linkClass, hops, payload);
            }
        }

        // Whoever asked is gone.
        return false;
    }

    private bool RouteTo(BucketId bucket, DatacenterId from, LinkClass linkClass, byte hops, ReadOnlySpan<byte> payload)
    {
        // What comes while others wait waits behind them.
        if (!_waiting.IsWaiting(bucket) && TryPlace(bucket, out var silo))
        {
            return Hand(silo, from, linkClass, hops, payload);
        }

        var isWaiting = _waiting.TryAdd(bucket, from, linkClass, hops, payload, out var isFirst);
        if (isFirst)
        {
            // Off the caller's thread, which may be in a bucket's turn or in that of the links.
            _ = Task.Factory.StartNew(() => LocateAsync(bucket), CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }

        return isWaiting;
    }

    /// <summary>Where a payload for a bucket goes, if that is known.</summary>
    private bool TryPlace(BucketId bucket, out SiloName silo)
    {
        // A bucket without a replica in this datacenter has no actor, and any silo can say so, or pass a request on to another datacenter.
        if (_cluster.IsHere(bucket) || !HasReplica(bucket))
        {
            silo = _cluster.Self;
            return true;
        }

        return _places.TryGetValue(bucket, out silo) && silo != _cluster.Self;
    }

    private bool HasReplica(BucketId bucket) =>
        bucket.SplitGeneration == 0 && bucket.Number < (uint)_placement.Topology.BucketCount.Value && _placement.DatacentersOf(bucket).Contains(_local);

    private bool Hand(SiloName silo, DatacenterId from, LinkClass linkClass, byte hops, ReadOnlySpan<byte> payload) =>
        silo == _cluster.Self ? Deliver(from, linkClass, payload) : PassOn(silo, from, linkClass, hops, payload);

    private bool PassOn(SiloName silo, DatacenterId from, LinkClass linkClass, byte hops, ReadOnlySpan<byte> payload) =>
        hops < MaxHops && TrySend(silo, new SiloFrame(SiloFrameKind.Inward, linkClass, (byte)(hops + 1), from, payload));

    private async Task LocateAsync(BucketId bucket)
    {
        var place = await _cluster.LocateAsync(bucket);
        if (place is { } known)
        {
            _places[bucket] = known;
        }

        while (_waiting.TryTake(bucket, out var frame))
        {
            if (place is { } silo)
            {
                Hand(silo, frame!.From, frame.Class, frame.Hops, frame.Payload);
            }
        }

        _buckets?.OnBatchEnd();
    }

    private bool RouteHeartbeats(DatacenterId from, LinkClass linkClass, byte hops, Epoch epoch, ReadOnlySpan<byte> payload)
    {
        List<BucketHeartbeat> heartbeats = [];
        var (type, sender, recipient) = HeartbeatsCodec.Decode(payload, heartbeats);
        var isTaken = true;
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var group in heartbeats.GroupBy(heartbeat => TryPlace(heartbeat.Bucket, out var silo) ? silo : (SiloName?)null))
        {
            if (group.Key is { } silo)
            {
                isTaken &= Hand(silo, from, linkClass, hops, Encode([.. group]));
                continue;
            }

            // Each waits for its own bucket to be located.
            foreach (var heartbeat in group)
            {
                isTaken &= RouteTo(heartbeat.Bucket, from, linkClass, hops, Encode([heartbeat]));
            }
        }

        return isTaken;

        ReadOnlySpan<byte> Encode(ReadOnlySpan<BucketHeartbeat> some)
        {
            buffer.ResetWrittenCount();
            HeartbeatsCodec.Encode(epoch, type, sender, recipient, some, buffer);
            return buffer.WrittenSpan;
        }
    }

    /// <summary>The bucket that a payload's sender took to be here; null where it is about many, or an answer.</summary>
    private static BucketId? TryFindBucket(ReadOnlySpan<byte> payload)
    {
        try
        {
            var header = PayloadHeader.Read(payload);
            return header.Kind is WireKind.Reply or WireKind.Heartbeats ? null : header.Bucket;
        }
        catch (Exception reason) when (reason is CorruptionException or UnknownPayloadException)
        {
            return null;
        }
    }
}
