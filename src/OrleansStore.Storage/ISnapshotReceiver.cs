namespace OrleansStore.Storage;

/// <summary>The reception of one snapshot in chunks. Disposing it keeps what arrived, so that a later reception resumes.</summary>
public interface ISnapshotReceiver : IAsyncDisposable
{
    /// <summary>The longest chunk, in bytes.</summary>
    const int MaxChunkBytes = 64 * 1024;

    /// <summary>The offset in the stored form at which the next chunk must start. After a restart it may lie before what was sent already.</summary>
    long NextOffset { get; }

    /// <summary>Takes one chunk. Nothing is durable before <see cref="CommitAsync"/>.</summary>
    /// <param name="offset">Where the chunk starts.</param>
    /// <param name="chunk">1 to <see cref="MaxChunkBytes"/> bytes; the caller's again on completion.</param>
    /// <param name="cancellationToken">Checked before anything is written.</param>
    /// <returns>False, and nothing changes, where <paramref name="offset"/> is not <see cref="NextOffset"/>: a duplicate or a gap.</returns>
    /// <exception cref="StoreException">The write failed.</exception>
    /// <exception cref="ArgumentException">The chunk is empty, too long, or reaches past the announced size.</exception>
    ValueTask<bool> TryWriteAsync(long offset, ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken);

    /// <summary>Verifies every byte and switches to the snapshot atomically. On completion it is durable and the newest of its bucket; the replica
    /// then appends <see cref="LogAppend.InstalledSnapshot"/>.</summary>
    /// <returns>The newest snapshot of the bucket: what arrived, or one at the same or a later index that became durable meanwhile; what arrived is dropped then.</returns>
    /// <exception cref="CorruptionException">What arrived is not the announced snapshot. It was dropped; the transfer starts again at 0.</exception>
    /// <exception cref="StoreException">The snapshot is not durable.</exception>
    /// <exception cref="InvalidOperationException">Not all of it has arrived.</exception>
    ValueTask<SnapshotDescriptor> CommitAsync();
}
