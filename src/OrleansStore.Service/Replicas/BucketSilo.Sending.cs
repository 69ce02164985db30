using System.Collections.Concurrent;
using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Wire;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <content>Snapshots on their way to other datacenters: offered, sent in chunks within a window, resumed where the receiver says.</content>
public sealed partial class BucketSilo
{
    // Bytes of one snapshot that may be under way: enough for a long, fat link, and little beside what the bulk connection queues anyway.
    private const long SendWindowBytes = 16 * ISnapshotReceiver.MaxChunkBytes;

    // A receiver that says nothing for this long is given up; what it has it keeps, so that the next transfer resumes.
    private static readonly TimeSpan TransferSilence = TimeSpan.FromSeconds(10);

    // What was not acknowledged for this long is sent again.
    private static readonly TimeSpan RepeatAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<SnapshotPath, SnapshotSending> _sendings = new();
    private ulong _lastTransfer;

    /// <summary>Starts to send a leader's snapshot. One transfer per bucket and receiver runs at a time.</summary>
    internal void SendSnapshot(BucketHost host, RaftMessage message)
    {
        var peer = new DatacenterId(message.To.Datacenter);
        var sending = new SnapshotSending(Interlocked.Increment(ref _lastTransfer), message, Now);
        var path = new SnapshotPath(host.Bucket, peer);
        if (host.Sendable is not { } snapshot || !_sendings.TryAdd(path, sending))
        {
            // The core learns that nothing was sent, and asks again when the member is next heard of.
            host.Post(new HostInput.Sent(message.To, message.Term, IsDelivered: false));
            return;
        }

        RunInBackground(async () =>
        {
            var isDelivered = false;
            try
            {
                isDelivered = await SendAsync(host.Bucket, peer, snapshot, sending);
            }
            catch (Exception reason) when (reason is StoreException or CorruptionException or IOException)
            {
                LogTransferEnded(host.Bucket, peer, reason);
            }
            finally
            {
                _sendings.TryRemove(path, out _);
                host.Post(new HostInput.Sent(message.To, message.Term, isDelivered));
            }
        });
    }

    private async Task<bool> SendAsync(BucketId bucket, DatacenterId peer, SnapshotDescriptor snapshot, SnapshotSending sending)
    {
        await using var reader = await Storage.Snapshots.OpenAsync(snapshot, CancellationToken.None);
        var chunk = new byte[ISnapshotReceiver.MaxChunkBytes];
        var (next, confirmed, advancedAt) = (-1L, -1L, MonotonicTime.Zero);
        while (true)
        {
            var (acknowledged, isEnded, isDelivered, changed) = sending.Read();
            if (isEnded)
            {
                return isDelivered;
            }

            var isOverdue = acknowledged == confirmed && Now - advancedAt > RepeatAfter;
            if (acknowledged < 0)
            {
                if (isOverdue)
                {
                    advancedAt = Now;
                    Messenger.TrySend(peer, SnapshotOffer.For(Placement.Topology.Epoch, sending.Id, snapshot, sending.Message));
                }

                await changed;
                continue;
            }

            if (next < 0 || acknowledged < confirmed || acknowledged > next || isOverdue)
            {
                // The first word of the receiver, or one that does not fit what was sent, or none for too long: go on where it stands.
                next = acknowledged;
                advancedAt = Now;
            }

            advancedAt = acknowledged > confirmed ? Now : advancedAt;
            confirmed = acknowledged;
            if (next >= snapshot.SizeBytes || next - acknowledged >= SendWindowBytes)
            {
                await changed;
                continue;
            }

            var length = await reader.ReadStoredAsync(next, chunk, CancellationToken.None);
            if (Messenger.TrySendChunk(peer, bucket, sending.Id, next, chunk.AsMemory(0, length)))
            {
                next += length;
            }
            else
            {
                // The queue of the link is full; the next tick looks again.
                await changed;
            }
        }
    }

    /// <summary>Called with each tick: gives up transfers that nobody answers, and lets the others look whether the link has room.</summary>
    private void ExpireTransfers()
    {
        foreach (var (path, sending) in _sendings)
        {
            if (_isStopping || Now - sending.LastHeard > TransferSilence || !IsReachable(path.Peer))
            {
                sending.End(isDelivered: false);
            }
            else
            {
                sending.Signal();
            }
        }
    }

    private void OnProgress(DatacenterId from, BucketId bucket, ulong transfer, long nextOffset, SnapshotTransferStatus status)
    {
        if (!_sendings.TryGetValue(new SnapshotPath(bucket, from), out var sending) || sending.Id != transfer)
        {
            return;
        }

        switch (status)
        {
            case SnapshotTransferStatus.Accepted:
                sending.Acknowledge(nextOffset, Now);
                break;
            case SnapshotTransferStatus.Complete:
                sending.End(isDelivered: true);
                break;
            default:
                sending.End(isDelivered: false);
                break;
        }
    }

    /// <summary>What one transfer is known by.</summary>
    private readonly record struct SnapshotPath(BucketId Bucket, DatacenterId Peer);
}
