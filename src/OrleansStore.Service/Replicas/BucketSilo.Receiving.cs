using System.Collections.Concurrent;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Replicas;

/// <content>Snapshots on their way from other datacenters: staged chunk by chunk, verified, switched to, loaded, and then handed to the replica.</content>
public sealed partial class BucketSilo
{
    private readonly ConcurrentDictionary<BucketId, SnapshotReception> _receptions = new();

    private void OnOffer(DatacenterId from, SnapshotOffer offer)
    {
        var (bucket, transfer, snapshot) = (offer.Snapshot.Bucket, offer.TransferId, offer.Snapshot);
        if (HostOf(bucket) is not { State: not HostState.Failed } host || _isStopping
            || offer.To != host.Id || offer.From != Members.Current(from))
        {
            // Nobody here wants it.
            Messenger.TrySendProgress(from, bucket, transfer, 0, SnapshotTransferStatus.Refused);
            return;
        }

        if (host.LastStatus?.Commit >= snapshot.Metadata.Index)
        {
            // It has more than that already, and the leader must hear how much: its own log may not reach back to where it would find out.
            host.Post(new HostInput.Unneeded(offer.ToMessage(snapshot.Metadata, snapshot.Metadata.Index.Value)));
            Messenger.TrySendProgress(from, bucket, transfer, 0, SnapshotTransferStatus.Refused);
            return;
        }

        var reception = new SnapshotReception(from, offer);
        if (_receptions.TryGetValue(bucket, out var previous))
        {
            if (previous.From == from && previous.Transfer == transfer)
            {
                // A copy of the offer: the answer to the first one may have been lost.
                Messenger.TrySendProgress(from, bucket, transfer, previous.NextOffset, SnapshotTransferStatus.Accepted);
                return;
            }

            // A leader that offers anew has given up the old transfer. What arrived stays on disk, and the new one resumes there.
            previous.Cancel();
        }

        _receptions[bucket] = reception;
        RunInBackground(async () =>
        {
            if (previous is not null)
            {
                await previous.Ended;
            }

            await ReceiveAsync(host, reception);
        });
    }

    private void OnChunk(DatacenterId from, BucketId bucket, ulong transfer, long offset, ReadOnlyMemory<byte> data)
    {
        if (_receptions.TryGetValue(bucket, out var reception) && reception.From == from && reception.Transfer == transfer)
        {
            reception.Add(offset, data, maxBytes: 2 * SendWindowBytes);
        }
    }

    private async Task ReceiveAsync(BucketHost host, SnapshotReception reception)
    {
        var status = SnapshotTransferStatus.Failed;
        try
        {
            status = await StageAsync(host, reception) ? SnapshotTransferStatus.Complete : SnapshotTransferStatus.Failed;
        }
        catch (Exception reason) when (reason is StoreException or CorruptionException or IOException or Buckets.Snapshots.UnknownStateFormatException)
        {
            LogTransferEnded(host.Bucket, reception.From, reason);
        }
        finally
        {
            _receptions.TryRemove(new KeyValuePair<BucketId, SnapshotReception>(host.Bucket, reception));
            reception.EndNow();
            Messenger.TrySendProgress(reception.From, host.Bucket, reception.Transfer, reception.Snapshot.SizeBytes, status);
        }
    }

    /// <returns>False if the transfer was given up.</returns>
    private async Task<bool> StageAsync(BucketHost host, SnapshotReception reception)
    {
        await using var receiver = await Storage.Snapshots.ReceiveAsync(reception.Snapshot, CancellationToken.None);
        reception.NextOffset = receiver.NextOffset;
        Messenger.TrySendProgress(reception.From, host.Bucket, reception.Transfer, receiver.NextOffset, SnapshotTransferStatus.Accepted);
        while (receiver.NextOffset < reception.Snapshot.SizeBytes)
        {
            if (await reception.NextAsync() is not { } chunk)
            {
                return false;
            }

            // What does not fit is a copy, or shows a gap: the answer tells the sender where to go on.
            await receiver.TryWriteAsync(chunk.Offset, chunk.Data, CancellationToken.None);
            reception.NextOffset = receiver.NextOffset;
            Messenger.TrySendProgress(reception.From, host.Bucket, reception.Transfer, receiver.NextOffset, SnapshotTransferStatus.Accepted);
        }

        // Not always the announced one: a newer snapshot may have become durable meanwhile. Index and state must be those of the same one.
        var snapshot = await receiver.CommitAsync();
        var state = await BucketHost.LoadAsync(Storage.Snapshots, snapshot);
        host.Post(new HostInput.Received(reception.Offer.ToMessage(snapshot.Metadata, snapshot.Metadata.Index.Value), snapshot, state));
        return true;
    }

    private void EndReceptionsFrom(DatacenterId datacenter)
    {
        foreach (var reception in _receptions.Values)
        {
            if (reception.From == datacenter)
            {
                reception.Cancel();
            }
        }
    }
}
