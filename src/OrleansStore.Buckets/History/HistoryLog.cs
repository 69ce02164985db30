using OrleansStore.Diagnostics;

namespace OrleansStore.Buckets.History;

/// <summary>The latest change events of a bucket, without gaps, bounded by count and bytes; older revisions are dropped as a whole.</summary>
/// <remarks>Events stand in a list of chunks that is only ever appended to and dropped from the front, so that a view is two references and a count, and is not
/// disturbed by what comes later.</remarks>
internal sealed class HistoryLog
{
    private HistoryChunk _first;
    private HistoryChunk _last;
    private int _offset;
    private long _era = 1;

    public HistoryLog() => _first = _last = new HistoryChunk(_era);

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Events up to this revision were dropped; those of all later ones are here.</summary>
    public Revision Compacted { get; private set; }

    /// <summary>The history as it is; valid until the next change.</summary>
    public HistoryView Current => new(_first, _offset, Count, Compacted);

    /// <summary>The history as it is, for good.</summary>
    public HistoryView View()
    {
        _era++;
        return Current;
    }

    public void Append(ChangeEvent change)
    {
        if (_last.Count == HistoryChunk.Capacity)
        {
            _last = _last.Next = new HistoryChunk(_era);
        }

        _last.Add(change);
        Count++;
        Bytes += change.SizeBytes;
    }

    /// <summary>Drops the oldest revisions until the bounds hold.</summary>
    public void Trim(int maxEvents, long maxBytes)
    {
        while (Count > maxEvents || Bytes > maxBytes)
        {
            // A reader that resumes needs all events of a revision or none.
            Compacted = _first[_offset].Revision;
            while (Count > 0 && _first[_offset].Revision == Compacted)
            {
                DropFirst();
            }
        }
    }

    /// <summary>Sets what a snapshot says of dropped events, before any is appended.</summary>
    public void RestoreCompacted(Revision compacted)
    {
        Invariant.Check(Count == 0, $"count={Count}");
        Compacted = compacted;
    }

    private void DropFirst()
    {
        Count--;
        Bytes -= _first[_offset].SizeBytes;

        // Where no view can see it, the event's value can go before its chunk does.
        if (_first.Era == _era)
        {
            _first.Clear(_offset);
        }

        _offset++;
        if (_offset < HistoryChunk.Capacity)
        {
            return;
        }

        _offset = 0;
        if (_first.Next is null)
        {
            _first = _last = new HistoryChunk(_era);
        }
        else
        {
            _first = _first.Next;
        }
    }
}
