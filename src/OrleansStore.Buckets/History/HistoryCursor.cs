namespace OrleansStore.Buckets.History;

/// <summary>Goes through the events of a <see cref="HistoryView"/> from the oldest on.</summary>
internal struct HistoryCursor(HistoryChunk chunk, int offset, int count)
{
    private HistoryChunk _chunk = chunk;
    private int _offset = offset;
    private int _left = count;

    /// <summary>The event; valid after <see cref="MoveNext"/> returned true.</summary>
    public ChangeEvent Current { get; private set; }

    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        if (_offset == HistoryChunk.Capacity)
        {
            _chunk = _chunk.Next!;
            _offset = 0;
        }

        Current = _chunk[_offset++];
        _left--;
        return true;
    }

    /// <summary>Passes over chunks whose events are all below a revision; to be called before the first <see cref="MoveNext"/>.</summary>
    public void SkipChunksBelow(Revision revision)
    {
        while (_left > HistoryChunk.Capacity - _offset && _chunk[HistoryChunk.Capacity - 1].Revision < revision)
        {
            _left -= HistoryChunk.Capacity - _offset;
            _chunk = _chunk.Next!;
            _offset = 0;
        }
    }
}
