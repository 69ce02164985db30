using System.Numerics;

namespace OrleansStore.Placement.Rings;

/// <summary>Counts, for each pair of slots and each kind of cost, the buckets that the second may take over from the first, and finds one.</summary>
internal sealed class ExchangeEdges
{
    // A class is 3 * (1 + move) + (1 + dislike), both in [-1, 1], so a lower class is a cheaper one.
    private const int Classes = 9;

    private readonly Assignment _assignment;
    private readonly int _slots;

    // Invariant: the number of buckets with an edge of that pair and class, as held now.
    private readonly int[] _counts;

    // Where the last search for that pair and class ended; the next starts there.
    private readonly int[] _cursors;

    public ExchangeEdges(Assignment assignment)
    {
        _assignment = assignment;
        _slots = assignment.Slots;
        _counts = new int[_slots * _slots * Classes];
        _cursors = new int[_counts.Length];
        for (var bucket = 0; bucket < assignment.Held.Length; bucket++)
        {
            Count(bucket, 1);
        }
    }

    /// <summary>The cost of an edge of that class: so much for a move, 1 for a holder that is not preferred; either is negative where it is undone.</summary>
    public static int Cost(int edgeClass, int moveCost) => (((edgeClass / 3) - 1) * moveCost) + (edgeClass % 3) - 1;

    /// <summary>The cheapest class with an edge between the two; -1 if there is no edge.</summary>
    public int CheapestClass(int from, int to)
    {
        var index = Index(from, to, 0);
        return _counts.AsSpan(index, Classes).IndexOfAnyExcept(0);
    }

    /// <summary>Has <paramref name="to"/> take over one bucket of that class from <paramref name="from"/>.</summary>
    public void Move(int from, int to, int edgeClass)
    {
        var bucket = Find(from, to, edgeClass);
        Count(bucket, -1);
        _assignment.Replace(bucket, from, to);
        Count(bucket, 1);
    }

    private int Find(int from, int to, int edgeClass)
    {
        ref var cursor = ref _cursors[Index(from, to, edgeClass)];
        var fromBit = 1UL << from;
        var toBit = 1UL << to;
        while (true)
        {
            var bucket = cursor;
            cursor = (cursor + 1) % _assignment.Held.Length;
            var isEdge = (_assignment.Givers(bucket) & fromBit) != 0 && (_assignment.Takers(bucket) & toBit) != 0;
            if (isEdge && Class(bucket, from, to) == edgeClass)
            {
                return bucket;
            }
        }
    }

    private void Count(int bucket, int change)
    {
        for (var giving = _assignment.Givers(bucket); giving != 0; giving &= giving - 1)
        {
            var from = BitOperations.TrailingZeroCount(giving);
            for (var taking = _assignment.Takers(bucket); taking != 0; taking &= taking - 1)
            {
                var to = BitOperations.TrailingZeroCount(taking);
                _counts[Index(from, to, Class(bucket, from, to))] += change;
            }
        }
    }

    private int Class(int bucket, int from, int to)
    {
        var original = _assignment.Original(bucket);
        var preferred = _assignment.Preferred(bucket);
        var move = Bit(original, from) - Bit(original, to);
        var dislike = Bit(preferred, from) - Bit(preferred, to);
        return (3 * (1 + move)) + 1 + dislike;
    }

    private static int Bit(ulong mask, int slot) => (int)(mask >> slot) & 1;

    private int Index(int from, int to, int edgeClass) => (((from * _slots) + to) * Classes) + edgeClass;
}
