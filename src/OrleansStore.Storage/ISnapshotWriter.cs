namespace OrleansStore.Storage;

/// <summary>Streams one snapshot to storage. Disposing it without <see cref="CommitAsync"/> leaves nothing behind.</summary>
public interface ISnapshotWriter : IAsyncDisposable
{
    /// <summary>Adds content. Nothing is durable before <see cref="CommitAsync"/>.</summary>
    /// <param name="data">Any number of bytes; the caller's again on completion.</param>
    /// <param name="cancellationToken">Checked before anything is written.</param>
    /// <exception cref="StoreException">The write failed; the snapshot must be disposed and may be taken anew.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>On completion the snapshot, its name included, is durable and the newest of its bucket; older ones are deleted. The log may now be
    /// compacted up to it (invariant 7).</summary>
    /// <exception cref="StoreException">The snapshot is not durable.</exception>
    ValueTask<SnapshotDescriptor> CommitAsync();
}
