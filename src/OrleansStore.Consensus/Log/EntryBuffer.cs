using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus.Log;

/// <summary>A run of entries with consecutive indexes in one array: appended at the end, dropped at the front.</summary>
/// <remarks>
/// Slices that were handed out stay as they are: a slot is written once. Appending fills slots behind all slices; dropping the tail or running out
/// of room copies what is left into a new array. So a slice may be kept in a message or in a write that is under way, without a copy.
/// </remarks>
internal sealed class EntryBuffer
{
    private const int MinCapacity = 16;

    private Entry[] _items = [];
    private int _start;

    // Invariant: slots at and behind _start + Count were never part of a slice.
    public int Count { get; private set; }

    public ref readonly Entry this[int position] => ref _items[_start + position];

    public ReadOnlyMemory<Entry> Slice(int position, int count)
    {
        Invariant.Check(position >= 0 && count >= 0 && position + count <= Count, $"slice [{position}, {position + count}) of {Count} entries");
        return _items.AsMemory(_start + position, count);
    }

    public void Append(ReadOnlySpan<Entry> entries)
    {
        if (_start + Count + entries.Length > _items.Length)
        {
            Reallocate(Count, Count + entries.Length);
        }

        entries.CopyTo(_items.AsSpan(_start + Count));
        Count += entries.Length;
    }

    /// <summary>Drops all but the first <paramref name="count"/> entries.</summary>
    public void Truncate(int count)
    {
        Invariant.Check(count >= 0 && count <= Count, $"truncate {Count} entries to {count}");
        if (count < Count)
        {
            Reallocate(count, count);
        }
    }

    /// <summary>Drops the first <paramref name="count"/> entries.</summary>
    public void DropFirst(int count)
    {
        Invariant.Check(count >= 0 && count <= Count, $"drop {count} of {Count} entries");
        _start += count;
        Count -= count;

        // The array keeps the dropped entries' data alive; let go of it once that is most of what it holds.
        if (_start > MinCapacity && _start > Count)
        {
            Reallocate(Count, Count);
        }
    }

    private void Reallocate(int keep, int room)
    {
        var capacity = room == 0 ? 0 : Math.Max(MinCapacity, (int)Math.Min(Array.MaxLength, room + ((long)room / 2)));
        var items = capacity == 0 ? [] : new Entry[capacity];
        _items.AsSpan(_start, keep).CopyTo(items);
        _items = items;
        _start = 0;
        Count = keep;
    }
}
