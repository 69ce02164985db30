using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Log;

/// <summary>Reads a file forward through one window, so that a scan of small batches does not read each with a call of its own.</summary>
internal sealed class SegmentReader(IFile file, long length)
{
    private const int WindowBytes = 1 << 20;

    private byte[] _window = new byte[(int)Math.Min(WindowBytes, Math.Max(length, 1))];
    private long _start;
    private int _count;

    public IFile File => file;

    /// <summary>The file's length when the scan began.</summary>
    public long Length => length;

    /// <summary>The bytes at an offset; fewer where the file ends. Valid until the next call.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(long offset, int count)
    {
        count = (int)Math.Clamp(length - offset, 0, count);
        if (offset < _start || offset + count > _start + _count)
        {
            await FillAsync(offset, count);
        }

        count = (int)Math.Min(count, _start + _count - offset);
        return _window.AsMemory((int)(offset - _start), count);
    }

    private async ValueTask FillAsync(long offset, int count)
    {
        if (_window.Length < count)
        {
            _window = new byte[count];
        }

        _start = offset;
        _count = 0;
        _count = await file.ReadAsync(offset, _window);
    }
}
