namespace OrleansStore.Storage.Testing;

/// <summary>A held lock of a <see cref="MemoryDisk"/>.</summary>
internal sealed class MemoryLock(MemoryDisk disk, string path, long generation) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        disk.Unlock(path, generation);
        return ValueTask.CompletedTask;
    }
}
