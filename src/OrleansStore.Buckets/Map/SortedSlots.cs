using System.Buffers.Binary;
using OrleansStore.Diagnostics;

namespace OrleansStore.Buckets.Map;

/// <summary>Up to <see cref="Capacity"/> items in ascending order of their keys: the content of a tree node.</summary>
/// <remarks>
/// A search touches one item, seldom more: beside each item stands its <em>head</em>, the eight key bytes that follow what all keys of the node share,
/// as a big-endian number (shorter keys are filled up with zeros, so equal heads decide nothing and the keys are compared). Without heads each step of the binary
/// search would be a cache miss.
/// </remarks>
internal struct SortedSlots<TKey>
    where TKey : struct, IItemKey
{
    public const int Capacity = 64;

    private static readonly byte[][] NoItems = [];
    private static readonly ulong[] NoHeads = [];

    private byte[][] _items;
    private ulong[] _heads;

    // Invariant: every key in the slots starts with these bytes. The array is never written again, so copies of a node share it.
    private byte[] _shared;
    private int _count;

    private SortedSlots(byte[][] items, ulong[] heads, byte[] shared, int count)
    {
        _items = items;
        _heads = heads;
        _shared = shared;
        _count = count;
    }

    public static SortedSlots<TKey> Empty => new(NoItems, NoHeads, [], 0);

    public readonly int Count => _count;

    public readonly ReadOnlySpan<byte[]> Items => _items.AsSpan(0, _count);

    public readonly byte[] this[int index] => Items[index];

    /// <summary>Slots that hold <paramref name="items"/>, which are sorted.</summary>
    public static SortedSlots<TKey> From(ReadOnlySpan<byte[]> items)
    {
        Invariant.Check(items.Length <= Capacity, $"items={items.Length}");
        var size = SizeFor(items.Length);
        var slots = new SortedSlots<TKey>(new byte[size][], new ulong[size], [], items.Length);
        items.CopyTo(slots._items);
        slots.ShareLongestPrefix();
        return slots;
    }

    /// <summary>The same items in arrays of their own.</summary>
    public readonly SortedSlots<TKey> Copy() => new([.. _items], [.. _heads], _shared, _count);

    /// <summary>The index of the first item whose key is not below <paramref name="key"/>; <see cref="Count"/> if there is none.</summary>
    public readonly int Search(ReadOnlySpan<byte> key, out bool found)
    {
        found = false;
        var shared = _shared;
        var order = key[..Math.Min(key.Length, shared.Length)].SequenceCompareTo(shared);
        if (order != 0)
        {
            return order < 0 ? 0 : _count;
        }

        var wanted = HeadOf(key, shared.Length);
        var low = 0;
        var high = _count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            var head = _heads[middle];
            order = head == wanted ? TKey.Of(_items[middle]).SequenceCompareTo(key) : head.CompareTo(wanted);
            if (order == 0)
            {
                found = true;
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>Puts an item in place of one with the same key.</summary>
    public readonly byte[] Replace(int index, byte[] item)
    {
        var replaced = _items[index];
        _items[index] = item;
        return replaced;
    }

    /// <summary>Inserts an item where <see cref="Search"/> said its key belongs; there is room.</summary>
    public void Insert(int index, byte[] item)
    {
        Invariant.Check(_count < Capacity, $"count={_count}");
        if (_count == _items.Length)
        {
            Grow();
        }

        var key = TKey.Of(item);
        if (!key.StartsWith(_shared))
        {
            Share(key[..key.CommonPrefixLength(_shared)].ToArray());
        }

        _items.AsSpan(index, _count - index).CopyTo(_items.AsSpan(index + 1));
        _heads.AsSpan(index, _count - index).CopyTo(_heads.AsSpan(index + 1));
        _items[index] = item;
        _heads[index] = HeadOf(key, _shared.Length);
        _count++;
    }

    public void RemoveAt(int index)
    {
        _count--;
        _items.AsSpan(index + 1, _count - index).CopyTo(_items.AsSpan(index));
        _heads.AsSpan(index + 1, _count - index).CopyTo(_heads.AsSpan(index));

        // The slot would keep a value of up to megabytes alive.
        _items[_count] = null!;
    }

    private static int SizeFor(int count) => count switch
    {
        <= 4 => 4,
        <= 8 => 8,
        _ => Math.Min(Capacity, (count + 15) & ~15),
    };

    private static ulong HeadOf(ReadOnlySpan<byte> key, int skip)
    {
        var rest = key[skip..];
        if (rest.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(rest);
        }

        var head = 0UL;
        for (var i = 0; i < rest.Length; i++)
        {
            head |= (ulong)rest[i] << (56 - (8 * i));
        }

        return head;
    }

    private void Grow()
    {
        var size = SizeFor(_count + 1);
        Array.Resize(ref _items, size);
        Array.Resize(ref _heads, size);

        // Items removed since the last time may have held the shared prefix down.
        ShareLongestPrefix();
    }

    private void ShareLongestPrefix()
    {
        if (_count < 2)
        {
            // One key would share all of itself, and the next insert would take it back.
            Share([]);
            return;
        }

        // The items are sorted: what the first and the last share, all share.
        var first = TKey.Of(_items[0]);
        Share(first[..first.CommonPrefixLength(TKey.Of(_items[_count - 1]))].ToArray());
    }

    private void Share(byte[] shared)
    {
        _shared = shared;
        for (var i = 0; i < _count; i++)
        {
            _heads[i] = HeadOf(TKey.Of(_items[i]), shared.Length);
        }
    }
}
