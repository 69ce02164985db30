using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Testing;

/// <summary>An open file of a <see cref="MemoryDisk"/>.</summary>
internal sealed class MemoryFile(MemoryDisk disk, string path, MemoryInode inode, long generation) : IFile
{
    private bool _isClosed;

    public string Path => path;

    public ValueTask<long> GetLengthAsync() => disk.ReadAsync(path, 0, () =>
    {
        Check();
        return (long)inode.Current.Length;
    });

    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer) => disk.ReadAsync(path, buffer.Length, () =>
    {
        Check();
        var count = (int)Math.Clamp(inode.Current.Length - offset, 0, buffer.Length);
        inode.Current.Span.Slice((int)Math.Min(offset, inode.Current.Length), count).CopyTo(buffer.Span);
        return count;
    });

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data) => disk.ChangeAsync(
        DiskOperationKind.Write,
        path,
        data.Length,
        () =>
        {
            Check();
            inode.Write((int)offset, data.Span);
        },
        onFailure: () => inode.Write((int)offset, data.Span[..(data.Length / 2)]));

    public ValueTask SetLengthAsync(long length) => disk.ChangeAsync(DiskOperationKind.SetLength, path, 0, () =>
    {
        Check();
        inode.SetLength((int)length);
    });

    public ValueTask SyncAsync() => disk.ChangeAsync(
        DiskOperationKind.Sync,
        path,
        0,
        () =>
        {
            Check();
            inode.Sync();
        },
        appliesBeforeCrash: false,
        onFailure: () => disk.FailSync(inode));

    public ValueTask DisposeAsync()
    {
        _isClosed = true;
        return ValueTask.CompletedTask;
    }

    private void Check()
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        disk.ThrowIfStale(generation);
    }
}
