using OrleansStore.Service.Wire;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <summary>A snapshot on its way here: the chunks that came and were not written yet.</summary>
internal sealed class SnapshotReception(DatacenterId from, SnapshotOffer offer)
{
    private readonly Lock _gate = new();
    private readonly Queue<(long Offset, ReadOnlyMemory<byte> Data)> _chunks = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;
    private long _nextOffset;
    private bool _isCancelled;

    public DatacenterId From => from;

    public ulong Transfer => offer.TransferId;

    public SnapshotDescriptor Snapshot => offer.Snapshot;

    public SnapshotOffer Offer => offer;

    /// <summary>Where the next chunk must start, as of the last one that was written.</summary>
    public long NextOffset
    {
        get => Volatile.Read(ref _nextOffset);
        set => Volatile.Write(ref _nextOffset, value);
    }

    /// <summary>Ends when nothing touches the staged file any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Takes a chunk; past the bound it is dropped, and the answer to the next one makes the sender repeat it.</summary>
    public void Add(long offset, ReadOnlyMemory<byte> data, long maxBytes)
    {
        lock (_gate)
        {
            if (_isCancelled || _bytes + data.Length > maxBytes)
            {
                return;
            }

            _chunks.Enqueue((offset, data));
            _bytes += data.Length;
        }

        Signal();
    }

    /// <summary>Gives the transfer up.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            _isCancelled = true;
        }

        Signal();
    }

    public void EndNow() => _ended.TrySetResult();

    /// <summary>Waits for the next chunk; null if the transfer was given up.</summary>
    public async Task<(long Offset, ReadOnlyMemory<byte> Data)?> NextAsync()
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_isCancelled)
                {
                    return null;
                }

                if (_chunks.TryDequeue(out var chunk))
                {
                    _bytes -= chunk.Data.Length;
                    return chunk;
                }

                changed = _changed.Task;
            }

            await changed;
        }
    }

    private void Signal()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.TrySetResult();
    }
}
