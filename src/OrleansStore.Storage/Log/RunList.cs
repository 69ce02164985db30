using OrleansStore.Diagnostics;

namespace OrleansStore.Storage.Log;

/// <summary>The runs of one bucket's log, by index, without overlap: a deque, because a log grows at one end and is compacted at the other.</summary>
/// <remarks>Keeps the segments' live counts exact: every run in a list is counted once in its segment, wholly, until it is gone wholly.</remarks>
internal sealed class RunList
{
    private Run[] _items = [];
    private int _head;

    public int Count { get; private set; }

    public Run this[int position] => _items[Slot(position)];

    /// <summary>Appends entries; what the list holds from the first of them on is overwritten.</summary>
    public void Overwrite(in Run run)
    {
        TruncateFrom(run.First);
        Insert(Count, run);
    }

    /// <summary>Puts entries in place of their older copies, wherever in the list they belong.</summary>
    public void Replace(in Run run)
    {
        var position = FirstEndingAtOrAfter(run.First);
        while (position < Count && this[position].First <= run.Last)
        {
            var old = this[position];
            RemoveAt(position);
            if (old.First < run.First)
            {
                Insert(position++, old with { Last = run.First.Previous });
            }

            if (old.Last > run.Last)
            {
                Insert(position, old with { First = run.Last.Next });
                break;
            }
        }

        Insert(position, run);
    }

    /// <summary>Drops all entries up to and including an index.</summary>
    public void CompactTo(LogIndex last)
    {
        while (Count > 0 && this[0].Last <= last)
        {
            RemoveAt(0);
        }

        if (Count > 0 && this[0].First <= last)
        {
            _items[Slot(0)] = this[0] with { First = last.Next };
        }
    }

    /// <summary>Drops all entries from an index on.</summary>
    public void TruncateFrom(LogIndex first)
    {
        while (Count > 0 && this[Count - 1].First >= first)
        {
            RemoveAt(Count - 1);
        }

        if (Count > 0 && this[Count - 1].Last >= first)
        {
            _items[Slot(Count - 1)] = this[Count - 1] with { Last = first.Previous };
        }
    }

    public void Clear() => TruncateFrom(LogIndex.None);

    /// <summary>The position of the first run that ends at or after an index; <see cref="Count"/> if there is none.</summary>
    public int FirstEndingAtOrAfter(LogIndex index)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = this[middle].Last < index ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private int Slot(int position)
    {
        Invariant.Check(position >= 0 && position < Count, $"position {position} of {Count}");
        return (_head + position) & (_items.Length - 1);
    }

    private void Insert(int position, in Run run)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        // The shorter side moves: copying forward works near the front, appending at the end.
        Count++;
        if (position < Count / 2)
        {
            _head = (_head - 1) & (_items.Length - 1);
            for (var i = 0; i < position; i++)
            {
                _items[Slot(i)] = _items[Slot(i + 1)];
            }
        }
        else
        {
            for (var i = Count - 1; i > position; i--)
            {
                _items[Slot(i)] = _items[Slot(i - 1)];
            }
        }

        _items[Slot(position)] = run;
        run.Segment.AddLive(run.RecordBytes);
    }

    private void RemoveAt(int position)
    {
        var run = this[position];
        run.Segment.RemoveLive(run.RecordBytes);
        if (position < Count / 2)
        {
            for (var i = position; i > 0; i--)
            {
                _items[Slot(i)] = _items[Slot(i - 1)];
            }

            _items[_head] = default;
            _head = (_head + 1) & (_items.Length - 1);
        }
        else
        {
            for (var i = position; i < Count - 1; i++)
            {
                _items[Slot(i)] = _items[Slot(i + 1)];
            }

            _items[Slot(Count - 1)] = default;
        }

        Count--;
    }

    private void Grow()
    {
        var items = new Run[Math.Max(4, _items.Length * 2)];
        for (var i = 0; i < Count; i++)
        {
            items[i] = this[i];
        }

        _items = items;
        _head = 0;
    }
}
