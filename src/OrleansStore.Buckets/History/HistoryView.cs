namespace OrleansStore.Buckets.History;

/// <summary>The events of a <see cref="HistoryLog"/> at one moment.</summary>
internal readonly struct HistoryView(HistoryChunk first, int offset, int count, Revision compacted)
{
    private readonly HistoryChunk _first = first;
    private readonly int _offset = offset;

    public int Count { get; } = count;

    public Revision Compacted { get; } = compacted;

    public HistoryCursor Start() => new(_first, _offset, Count);

    /// <summary>Collects the events from a revision on, whole revisions only.</summary>
    public HistoryPage Read(Revision from, int maxEvents, List<ChangeEvent> page)
    {
        from = from == Revision.None ? from.Next : from;
        if (from <= Compacted)
        {
            return new HistoryPage(HistoryStatus.Compacted, Compacted.Next);
        }

        var next = from;
        var taken = 0;
        var cursor = Start();
        cursor.SkipChunksBelow(from);
        while (cursor.MoveNext())
        {
            var change = cursor.Current;
            if (change.Revision < from)
            {
                continue;
            }

            if (change.Revision >= next && taken >= maxEvents)
            {
                break;
            }

            page.Add(change);
            taken++;
            next = change.Revision.Next;
        }

        return new HistoryPage(HistoryStatus.Available, next);
    }
}
