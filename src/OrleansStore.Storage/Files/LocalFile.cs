using Microsoft.Win32.SafeHandles;

namespace OrleansStore.Storage.Files;

internal sealed class LocalFile(string path, SafeFileHandle handle) : IFile
{
    public string Path => path;

    public ValueTask<long> GetLengthAsync() => ValueTask.FromResult(RandomAccess.GetLength(handle));

    public ValueTask<int> ReadAsync(long offset, Memory<byte> buffer)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(handle, buffer.Span[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return ValueTask.FromResult(total);
    }

    public ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data)
    {
        try
        {
            RandomAccess.Write(handle, data.Span, offset);
        }
        catch (IOException reason) when (DiskFullException.IsReasonOf(reason))
        {
            throw new DiskFullException($"There is no room left for {path}.", reason);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask SetLengthAsync(long length)
    {
        RandomAccess.SetLength(handle, length);
        return ValueTask.CompletedTask;
    }

    public ValueTask SyncAsync()
    {
        RandomAccess.FlushToDisk(handle);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        handle.Dispose();
        return ValueTask.CompletedTask;
    }
}
