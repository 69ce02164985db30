namespace OrleansStore.Buckets.History;

/// <summary>Some consecutive change events.</summary>
internal sealed class HistoryChunk(long era)
{
    public const int Capacity = 32;

    // Grows to the capacity: of thousands of buckets most see few changes. Whoever reads while it is replaced sees the same events in the old one.
    private ChangeEvent[] _events = new ChangeEvent[4];

    /// <summary>The era of the log in which the chunk was made; views of later eras may see it.</summary>
    public long Era { get; } = era;

    public int Count { get; private set; }

    public HistoryChunk? Next { get; set; }

    public ChangeEvent this[int index] => _events[index];

    public void Add(ChangeEvent change)
    {
        if (Count == _events.Length)
        {
            Array.Resize(ref _events, Math.Min(2 * Count, Capacity));
        }

        _events[Count++] = change;
    }

    public void Clear(int index) => _events[index] = default;
}
