using OrleansStore.Buckets.Replicas;
using OrleansStore.Buckets.Snapshots;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <content>Snapshots of the buckets of this process, on their way to its disk.</content>
public sealed partial class BucketSilo
{
    private readonly Queue<(BucketHost Host, SnapshotOrder Order)> _snapshotOrders = new();
    private int _savingSnapshots;

    /// <summary>Streams a view to storage while the bucket goes on. A few at a time: the others wait in line, at most one per bucket.</summary>
    internal void SaveSnapshot(BucketHost host, SnapshotOrder order)
    {
        lock (_gate)
        {
            if (_savingSnapshots >= Options.MaxConcurrentSnapshots)
            {
                _snapshotOrders.Enqueue((host, order));
                return;
            }

            _savingSnapshots++;
        }

        RunInBackground(async () =>
        {
            for ((BucketHost Host, SnapshotOrder Order)? next = (host, order); next is { } each; next = NextSnapshotOrder())
            {
                each.Host.Post(new HostInput.Snapshotted(each.Order.Metadata, await TrySaveAsync(each.Host.Bucket, each.Order)));
            }
        });
    }

    private (BucketHost Host, SnapshotOrder Order)? NextSnapshotOrder()
    {
        lock (_gate)
        {
            if (!_isStopping && _snapshotOrders.TryDequeue(out var next))
            {
                return next;
            }

            _savingSnapshots--;
            return null;
        }
    }

    /// <returns>Null if it could not be taken: a failed write leaves the bucket as it was, and a failed sync stops the whole storage by itself.</returns>
    private async Task<SnapshotDescriptor?> TrySaveAsync(BucketId bucket, SnapshotOrder order)
    {
        try
        {
            await using var writer = await Storage.Snapshots.CreateAsync(bucket, order.View.Revision, order.Metadata, CancellationToken.None);
            var encoder = new StateEncoder(order.View);
            var buffer = new byte[StorageOptions.SnapshotBlockBytes];
            while (!encoder.IsCompleted)
            {
                var written = encoder.Write(buffer);
                await writer.WriteAsync(buffer.AsMemory(0, written), CancellationToken.None);
            }

            return await writer.CommitAsync();
        }
        catch (Exception reason) when (reason is StoreException or IOException or ArgumentException)
        {
            LogSnapshotNotTaken(bucket, reason);
            return null;
        }
    }
}
