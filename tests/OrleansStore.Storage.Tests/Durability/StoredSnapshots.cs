using OrleansStore.Consensus;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Durability;

/// <summary>Snapshots as another datacenter would send them.</summary>
internal static class StoredSnapshots
{
    /// <summary>The stored form, taken from another storage that wrote the same content.</summary>
    public static (SnapshotDescriptor Descriptor, byte[] Bytes) Encode(BucketId bucket, Revision revision, SnapshotMetadata metadata, byte[] content)
    {
        var sender = StorageHost.Open(new MemoryDisk(seed: 1));
        var descriptor = sender.TakeSnapshot(bucket, revision, metadata, content);
        return (descriptor, sender.Pump.Run(async () =>
        {
            await using var reader = await sender.Storage.Snapshots.OpenAsync(descriptor, CancellationToken.None);
            var bytes = new byte[descriptor.SizeBytes];
            Assert.Equal(bytes.Length, await reader.ReadStoredAsync(0, bytes, CancellationToken.None));
            return bytes;
        }));
    }

    public static async ValueTask<SnapshotDescriptor> SendAsync(ISnapshotStore store, (SnapshotDescriptor Descriptor, byte[] Bytes) snapshot, int chunkBytes)
    {
        await using var receiver = await store.ReceiveAsync(snapshot.Descriptor, CancellationToken.None);
        while (receiver.NextOffset < snapshot.Bytes.Length)
        {
            var offset = (int)receiver.NextOffset;
            var chunk = snapshot.Bytes.AsMemory(offset, Math.Min(chunkBytes, snapshot.Bytes.Length - offset));
            Assert.True(await receiver.TryWriteAsync(offset, chunk, CancellationToken.None));
        }

        return await receiver.CommitAsync();
    }
}
