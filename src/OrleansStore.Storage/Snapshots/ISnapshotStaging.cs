using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Snapshots;

/// <summary>Where snapshots are staged and switched to, whatever they are stored in: their bytes are the same everywhere, because datacenters send them to each other as they are stored.</summary>
internal interface ISnapshotStaging
{
    /// <summary>Writes to a staged file. Fails the snapshot, never the storage.</summary>
    /// <exception cref="StoreException">The write failed.</exception>
    ValueTask WriteAsync(IFile file, long position, ReadOnlyMemory<byte> bytes);

    /// <summary>Closes and deletes a staged file.</summary>
    ValueTask DiscardAsync(IFile file);

    /// <summary>Verifies every byte of a snapshot and that it is the one that is meant.</summary>
    /// <exception cref="CorruptionException">It is not.</exception>
    ValueTask VerifyAsync(IFile file, SnapshotDescriptor expected);

    /// <summary>Makes a complete staged file the newest snapshot of its bucket. On completion it is durable, and older ones are deleted.</summary>
    /// <returns>It, or the newest snapshot where that already covers as much.</returns>
    /// <exception cref="StoreException">It is not durable.</exception>
    ValueTask<SnapshotDescriptor> SwitchAsync(IFile file, SnapshotDescriptor snapshot);
}
