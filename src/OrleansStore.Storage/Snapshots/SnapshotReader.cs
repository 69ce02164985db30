using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Snapshots;

/// <summary>Reads a snapshot that was verified when it was opened; each block is verified once more when it is read.</summary>
internal sealed class SnapshotReader(IFile file, SnapshotDescriptor descriptor, SnapshotScanner scanner) : ISnapshotReader
{
    private bool _isAtEnd;

    public SnapshotDescriptor Descriptor => descriptor;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, SnapshotBlocks.MaxContentBytes, nameof(buffer));
        cancellationToken.ThrowIfCancellationRequested();
        if (_isAtEnd)
        {
            return 0;
        }

        var content = await FileSnapshotStore.GuardReadAsync(scanner.ReadBlockAsync);
        _isAtEnd = content.IsEmpty;
        content.CopyTo(buffer);
        return content.Length;
    }

    public async ValueTask<int> ReadStoredAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await FileSnapshotStore.GuardReadAsync(() => file.ReadAsync(offset, buffer));
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
