using System.Numerics;

namespace OrleansStore.Placement.Rings;

/// <summary>The bulk of the moves: each brings one datacenter that has too few a bucket of one that has too many, so hardly any is wasted.</summary>
/// <remarks>Receivers and donors are interleaved in proportion to what they still have to take or give. That spreads each over all the others, which
/// keeps later changes cheap: whoever leaves has shared buckets with everyone alike. What is left is for <see cref="AugmentingPaths"/>.</remarks>
internal sealed class GreedyMoves(Assignment assignment)
{
    /// <summary>Takes holders away until each bucket has at most <paramref name="size"/>.</summary>
    public void DropExtraHolders(int size)
    {
        var supply = new Proportions(assignment, sign: 1);
        for (var bucket = 0; bucket < assignment.Held.Length; bucket++)
        {
            while (BitOperations.PopCount(assignment.Held[bucket]) > size)
            {
                assignment.Remove(bucket, supply.Largest(assignment.Givers(bucket)));
            }
        }
    }

    /// <summary>Gives each bucket holders until it has <paramref name="size"/>, preferred ones where one of them has too few, and beyond what is wanted where
    /// nobody has.</summary>
    public void FillVacancies(int size)
    {
        var demand = new Proportions(assignment, sign: -1);
        for (var bucket = 0; bucket < assignment.Held.Length; bucket++)
        {
            while (BitOperations.PopCount(assignment.Held[bucket]) < size)
            {
                var best = demand.LargestPositive(assignment.Takers(bucket) & assignment.Preferred(bucket));
                assignment.Add(bucket, best >= 0 ? best : demand.Largest(assignment.Takers(bucket)));
            }
        }
    }

    /// <summary>Lets datacenters that have too few take over buckets, each in the order it prefers: the datacenter that has the largest part of its surplus
    /// still to give gives the bucket, and where nobody in it has a surplus the bucket is passed over.</summary>
    /// <param name="preferredBuckets">Gives all buckets in the order in which a slot takes them.</param>
    public void MoveDirectly(Func<int, int[]> preferredBuckets)
    {
        var supply = new Proportions(assignment, sign: 1);
        for (var receiver = 0; receiver < assignment.Slots; receiver++)
        {
            if (assignment.Surplus(receiver) < 0)
            {
                Take(receiver, preferredBuckets(receiver), supply);
            }
        }
    }

    private void Take(int receiver, int[] buckets, Proportions supply)
    {
        foreach (var bucket in buckets)
        {
            if (assignment.Surplus(receiver) >= 0)
            {
                return;
            }

            var isTaker = (assignment.Takers(bucket) & assignment.Preferred(bucket) & (1UL << receiver)) != 0;
            var donor = isTaker ? supply.LargestPositive(assignment.Givers(bucket) & assignment.Original(bucket)) : -1;
            if (donor >= 0)
            {
                assignment.Replace(bucket, donor, receiver);
            }
        }
    }

    /// <summary>How much of what it had to give (sign 1) or to take (sign -1) at the start each slot still has to.</summary>
    private readonly struct Proportions
    {
        private readonly Assignment _assignment;
        private readonly int _sign;
        private readonly int[] _initial;

        public Proportions(Assignment assignment, int sign)
        {
            _assignment = assignment;
            _sign = sign;
            _initial = new int[assignment.Slots];
            for (var slot = 0; slot < _initial.Length; slot++)
            {
                _initial[slot] = Math.Max(1, sign * assignment.Surplus(slot));
            }
        }

        /// <summary>The candidate with the largest part left, be it negative; ties go to the lower slot.</summary>
        public int Largest(ulong candidates)
        {
            var best = -1;
            for (var rest = candidates; rest != 0; rest &= rest - 1)
            {
                var slot = BitOperations.TrailingZeroCount(rest);
                if (best < 0 || (long)Left(slot) * _initial[best] > (long)Left(best) * _initial[slot])
                {
                    best = slot;
                }
            }

            return best;
        }

        /// <summary>The candidate with the largest part left; -1 if none has any.</summary>
        public int LargestPositive(ulong candidates) => Largest(candidates) is var best and >= 0 && Left(best) > 0 ? best : -1;

        private int Left(int slot) => _sign * _assignment.Surplus(slot);
    }
}
