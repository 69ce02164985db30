namespace OrleansStore.Storage;

/// <summary>A verified snapshot that is open for reading, by one caller at a time.</summary>
public interface ISnapshotReader : IAsyncDisposable
{
    /// <summary>What it is.</summary>
    SnapshotDescriptor Descriptor { get; }

    /// <summary>The content from its start, in the blocks it is stored in.</summary>
    /// <param name="buffer">At least <see cref="StorageOptions.SnapshotBlockBytes"/>; the caller's again on completion.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>How many bytes were read; 0 at the end.</returns>
    /// <exception cref="CorruptionException">A byte changed since the snapshot was opened.</exception>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>The stored form at an offset, for sending it to another datacenter.</summary>
    /// <param name="offset">In [0, <see cref="SnapshotDescriptor.SizeBytes"/>].</param>
    /// <param name="buffer">Filled from its start.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>How many bytes were read: fewer than the buffer holds only at the end. The receiver verifies them.</returns>
    ValueTask<int> ReadStoredAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);
}
