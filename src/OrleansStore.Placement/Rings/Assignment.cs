using System.Numerics;
using OrleansStore.Diagnostics;

namespace OrleansStore.Placement.Rings;

/// <summary>Which datacenters hold each bucket while one goal is turned into the next. Datacenters are slots in [0, 64), sets of them bit masks.</summary>
/// <remarks>The same problem is solved twice: first for primaries (one holder, best one that has a replica), then for replicas (several holders, the
/// primary fixed among them).</remarks>
internal sealed class Assignment
{
    private readonly ulong[] _held;
    private readonly ulong[] _original;
    private readonly ulong[] _preferred;
    private readonly ulong[] _fixed;
    private readonly int[] _counts;
    private readonly int[] _originalCounts;

    /// <summary>Starts from what is held now and the fixed holders. The arrays are kept, and not changed.</summary>
    /// <param name="original">Per bucket who holds it now.</param>
    /// <param name="preferred">Per bucket who should hold it, at equal moves, rather than the others.</param>
    /// <param name="fixedHolders">Per bucket who must hold it.</param>
    /// <param name="quotas">Per slot how many buckets it is to hold.</param>
    public Assignment(ulong[] original, ulong[] preferred, ulong[] fixedHolders, Quotas quotas)
    {
        _original = original;
        _preferred = preferred;
        _fixed = fixedHolders;
        Quotas = quotas;
        Everyone = ulong.MaxValue >> (64 - quotas.Wanted.Length);
        _originalCounts = Count(original, quotas.Wanted.Length);
        _held = [.. original.Select((holders, bucket) => holders | fixedHolders[bucket])];
        _counts = Count(_held, quotas.Wanted.Length);
    }

    /// <summary>Per slot how many buckets it is to hold.</summary>
    public Quotas Quotas { get; }

    /// <summary>All slots.</summary>
    public ulong Everyone { get; }

    /// <summary>Per bucket who holds it.</summary>
    public ulong[] Held => _held;

    /// <summary>Per slot how many buckets it holds.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>The number of slots.</summary>
    public int Slots => _counts.Length;

    /// <summary>Who held the bucket at the start.</summary>
    public ulong Original(int bucket) => _original[bucket];

    /// <summary>Who should hold the bucket, at equal moves, rather than the others.</summary>
    public ulong Preferred(int bucket) => _preferred[bucket];

    /// <summary>Who holds the bucket and may stop to.</summary>
    public ulong Givers(int bucket) => _held[bucket] & ~_fixed[bucket];

    /// <summary>Who does not hold the bucket.</summary>
    public ulong Takers(int bucket) => Everyone & ~_held[bucket];

    /// <summary>How many buckets the slot holds too many; negative if it holds too few.</summary>
    public int Surplus(int slot) => _counts[slot] - Quotas.Wanted[slot];

    /// <summary>Makes a slot a holder.</summary>
    public void Add(int bucket, int slot)
    {
        Invariant.Check((Takers(bucket) & (1UL << slot)) != 0, $"bucket {bucket} cannot be taken by slot {slot}");
        _held[bucket] |= 1UL << slot;
        _counts[slot]++;
    }

    /// <summary>Makes a slot no holder.</summary>
    public void Remove(int bucket, int slot)
    {
        Invariant.Check((Givers(bucket) & (1UL << slot)) != 0, $"bucket {bucket} cannot be given by slot {slot}");
        _held[bucket] &= ~(1UL << slot);
        _counts[slot]--;
    }

    /// <summary>Has one slot take a bucket over from another.</summary>
    public void Replace(int bucket, int from, int to)
    {
        Remove(bucket, from);
        Add(bucket, to);
    }

    /// <summary>Whether every slot holds as many as wanted, by moves of which none was wasted and to preferred slots only. If not, there may still be no better way.</summary>
    public bool IsSurelyCheapest()
    {
        var fewestMoves = 0;
        for (var slot = 0; slot < Slots; slot++)
        {
            if (Surplus(slot) != 0)
            {
                return false;
            }

            fewestMoves += Math.Max(0, _counts[slot] - _originalCounts[slot]);
        }

        var moves = 0;
        for (var bucket = 0; bucket < _held.Length; bucket++)
        {
            var taken = _held[bucket] & ~_original[bucket];
            if ((taken & ~_preferred[bucket]) != 0)
            {
                return false;
            }

            moves += BitOperations.PopCount(taken);
        }

        return moves == fewestMoves;
    }

    /// <summary>Per slot in how many of the masks it stands.</summary>
    public static int[] Count(ulong[] masks, int slots)
    {
        var counts = new int[slots];
        foreach (var mask in masks)
        {
            for (var rest = mask; rest != 0; rest &= rest - 1)
            {
                counts[BitOperations.TrailingZeroCount(rest)]++;
            }
        }

        return counts;
    }
}
