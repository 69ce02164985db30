using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Snapshots;

/// <summary>Stages a snapshot that arrives in chunks.</summary>
/// <remarks>Nothing records how far it got: after a restart the staged file is read from its start, and what is sound up to the end of a block counts as
/// received. So a staging file that was never synced can be resumed safely.</remarks>
internal sealed class SnapshotReceiver(ISnapshotStaging store, IFile file, SnapshotDescriptor announced, long nextOffset) : ISnapshotReceiver
{
    private bool _isFinished;

    public long NextOffset { get; private set; } = nextOffset;

    public async ValueTask<bool> TryWriteAsync(long offset, ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(chunk.Length, nameof(chunk));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunk.Length, ISnapshotReceiver.MaxChunkBytes, nameof(chunk));
        cancellationToken.ThrowIfCancellationRequested();
        if (offset != NextOffset || _isFinished)
        {
            return false;
        }

        if (offset + chunk.Length > announced.SizeBytes)
        {
            throw new ArgumentException($"The chunk ends at {offset + chunk.Length}, but {announced.SizeBytes} bytes were announced.", nameof(chunk));
        }

        await store.WriteAsync(file, offset, chunk);
        NextOffset = offset + chunk.Length;
        return true;
    }

    public async ValueTask<SnapshotDescriptor> CommitAsync()
    {
        if (_isFinished || NextOffset != announced.SizeBytes)
        {
            throw new InvalidOperationException($"{NextOffset} of {announced.SizeBytes} bytes have arrived, or the reception has ended.");
        }

        _isFinished = true;
        try
        {
            await store.VerifyAsync(file, announced);
        }
        catch
        {
            await store.DiscardAsync(file);
            throw;
        }

        return await store.SwitchAsync(file, announced);
    }

    public ValueTask DisposeAsync()
    {
        if (_isFinished)
        {
            return ValueTask.CompletedTask;
        }

        _isFinished = true;
        return file.DisposeAsync();
    }
}
