namespace OrleansStore.Buckets.History;

/// <summary>Some consecutive change events.</summary>
internal sealed class HistoryChunk(long era)
{
    public const int Capacity = 32;

    private readonly ChangeEvent[] _events = new ChangeEvent[Capacity];

    /// <summary>The era of the log in which the chunk was made; views of later eras may see it.</summary>
    public long Era { get; } = era;

    public int Count { get; private set; }

    public HistoryChunk? Next { get; set; }

    public ChangeEvent this[int index] => _events[index];

    public void Add(ChangeEvent change) => _events[Count++] = change;

    public void Clear(int index) => _events[index] = default;
}
