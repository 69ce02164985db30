using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus.Replication;

/// <summary>The appends that were sent to one follower and not yet acknowledged: a queue with a bound in messages and in bytes.</summary>
/// <remarks>The byte bound may be exceeded by the last message, so that one message larger than the bound can still be sent.</remarks>
/// <param name="maxMessages">At most this many messages; above 0.</param>
/// <param name="maxBytes">No message is added once this many bytes are under way; 0 means no bound.</param>
internal sealed class InflightWindow(int maxMessages, long maxBytes)
{
    // A ring that grows to maxMessages on demand: most followers need a few slots of the many they may use.
    private (LogIndex Last, long Bytes)[] _ring = [];
    private int _start;
    private long _bytes;

    public int Count { get; private set; }

    public bool IsFull => Count == maxMessages || (maxBytes != 0 && _bytes >= maxBytes);

    /// <summary>Notes a message whose last entry is at <paramref name="last"/>.</summary>
    public void Add(LogIndex last, long bytes)
    {
        Invariant.Check(!IsFull, $"the window is full: {Count} messages, {_bytes} bytes");
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_start + Count) % _ring.Length] = (last, bytes);
        Count++;
        _bytes += bytes;
    }

    /// <summary>Forgets the messages whose last entry is at or below <paramref name="acknowledged"/>.</summary>
    public void FreeTo(LogIndex acknowledged)
    {
        while (Count > 0 && _ring[_start].Last <= acknowledged)
        {
            _bytes -= _ring[_start].Bytes;
            _start = (_start + 1) % _ring.Length;
            Count--;
        }
    }

    /// <summary>Forgets all messages.</summary>
    public void Clear()
    {
        Count = 0;
        _start = 0;
        _bytes = 0;
    }

    private void Grow()
    {
        var larger = new (LogIndex, long)[(int)Math.Min(maxMessages, Math.Max(4L, 2L * _ring.Length))];
        for (var i = 0; i < Count; i++)
        {
            larger[i] = _ring[(_start + i) % _ring.Length];
        }

        _ring = larger;
        _start = 0;
    }
}
