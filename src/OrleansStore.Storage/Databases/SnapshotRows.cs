using OrleansStore.Diagnostics;
using OrleansStore.Storage.Files;

namespace OrleansStore.Storage.Databases;

/// <summary>The stored form of one snapshot as rows of chunks, in the shape of a file: written from its start to its end, read anywhere.</summary>
/// <remarks>One caller at a time. What does not fill a chunk yet is kept in memory until <see cref="SyncAsync"/>; nothing is anybody's before the switch.</remarks>
internal sealed class SnapshotRows(DatabaseEnvironment environment, long id, long length) : IFile
{
    public const int ChunkBytes = 64 * 1024;

    private readonly byte[] _tail = new byte[ChunkBytes];
    private long _length = length;

    // Invariant: the chunk that ends the content stands in _tail while it is written to.
    private bool _isTailLoaded = length == 0;
    private bool _isTailStored = true;
    private int _cachedNumber = -1;
    private byte[] _cached = [];

    /// <summary>Called once, when nobody reads or writes it any more.</summary>
    public Action<long>? Closed { get; set; }

    /// <summary>Its number in the database.</summary>
    public long Id => id;

    public string Path => $"snapshot {id} in {environment.Database.Name}";

    public ValueTask<long> GetLengthAsync() => ValueTask.FromResult(_length);

    public async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer)
    {
        var read = 0;
        while (read < buffer.Length && offset + read < _length)
        {
            var position = offset + read;
            var number = checked((int)(position / ChunkBytes));
            var chunk = await ChunkAsync(number);
            var start = (int)(position % ChunkBytes);
            var count = Math.Min(chunk.Length - start, buffer.Length - read);
            if (count <= 0)
            {
                throw new CorruptionException(Path, position, $"a chunk {number} of more than {start} bytes", $"one of {chunk.Length}");
            }

            chunk.Slice(start, count).CopyTo(buffer[read..]);
            read += count;
        }

        return read;
    }

    public async ValueTask WriteAsync(long offset, ReadOnlyMemory<byte> data)
    {
        Invariant.Check(offset == _length, $"snapshot {id} has {_length} bytes and is written to at {offset}");
        await LoadTailAsync();
        while (!data.IsEmpty)
        {
            var used = (int)(_length % ChunkBytes);
            var count = Math.Min(ChunkBytes - used, data.Length);
            data[..count].CopyTo(_tail.AsMemory(used));
            data = data[count..];
            _length += count;
            _isTailStored = false;
            if (used + count == ChunkBytes)
            {
                await StoreTailAsync();
            }
        }
    }

    /// <summary>Cuts the content; it is written on from there.</summary>
    public async ValueTask SetLengthAsync(long length)
    {
        Invariant.Check(length <= _length, $"snapshot {id} of {_length} bytes is to be cut to {length}");
        var isCut = length < _length;
        _length = length;
        _isTailLoaded = false;
        await LoadTailAsync();
        if (isCut)
        {
            await environment.RetryAsync(
                async token =>
                {
                    await environment.Database.TruncateSnapshotAsync(id, checked((int)((length + ChunkBytes - 1) / ChunkBytes)), token);
                    return true;
                },
                CancellationToken.None);
            _cachedNumber = -1;
        }
    }

    /// <summary>Stores what does not fill a chunk.</summary>
    public ValueTask SyncAsync() => _isTailStored ? ValueTask.CompletedTask : StoreTailAsync();

    public ValueTask DisposeAsync()
    {
        Closed?.Invoke(id);
        Closed = null;
        return ValueTask.CompletedTask;
    }

    private async ValueTask<ReadOnlyMemory<byte>> ChunkAsync(int number)
    {
        if (_isTailLoaded && number == _length / ChunkBytes)
        {
            return _tail.AsMemory(0, (int)(_length % ChunkBytes));
        }

        if (number != _cachedNumber)
        {
            var chunk = await environment.RetryAsync(token => environment.Database.ReadChunkAsync(id, number, token), CancellationToken.None);
            _cached = chunk ?? throw new StoreException(ErrorCode.NotFound, $"The {Path} was deleted.", isTransient: true);
            _cachedNumber = number;
        }

        return _cached;
    }

    private async ValueTask LoadTailAsync()
    {
        if (_isTailLoaded)
        {
            return;
        }

        var used = (int)(_length % ChunkBytes);
        if (used > 0)
        {
            (await ChunkAsync((int)(_length / ChunkBytes)))[..used].CopyTo(_tail);
        }

        _isTailLoaded = true;
    }

    private async ValueTask StoreTailAsync()
    {
        var number = checked((int)((_length - 1) / ChunkBytes));
        var bytes = _tail.AsMemory(0, (int)(_length - ((long)number * ChunkBytes)));
        if (!await environment.RetryAsync(token => environment.Database.WriteChunkAsync(id, number, bytes, token), CancellationToken.None))
        {
            throw new StoreException(ErrorCode.WriterFenced, $"A newer writer was opened while {Path} was written.");
        }

        _isTailStored = true;
    }
}
