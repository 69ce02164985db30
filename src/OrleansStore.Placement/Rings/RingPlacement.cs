using System.Collections.Immutable;
using System.Numerics;

namespace OrleansStore.Placement.Rings;

/// <summary>Who holds and who leads each bucket under one goal, and how that turns into the next. Immutable.</summary>
internal sealed class RingPlacement
{
    private readonly BucketCount _bucketCount;
    private readonly PlacementGoal _goal;

    // Per bucket, as bits: bit i is datacenter i of the goal.
    private readonly ulong[] _replicas;
    private readonly ulong[] _primaries;

    private RingPlacement(BucketCount bucketCount, PlacementGoal goal, ulong[] replicas, ulong[] primaries)
    {
        _bucketCount = bucketCount;
        _goal = goal;
        _replicas = replicas;
        _primaries = primaries;
    }

    /// <summary>Replays a topology's goals. The oldest is built up one datacenter at a time, by ascending number, as if they had joined one after the other.</summary>
    public static RingPlacement Of(Topology topology)
    {
        var goals = topology.PastGoals.Add(topology.Goal);
        var oldest = goals[0];
        var empty = new ulong[topology.BucketCount.Value];
        var placement = new RingPlacement(topology.BucketCount, oldest.Prefix(1), empty, empty);
        for (var count = 1; count <= oldest.Datacenters.Length; count++)
        {
            placement = placement.Next(oldest.Prefix(count));
        }

        foreach (var goal in goals.AsSpan()[1..])
        {
            placement = placement.Next(goal);
        }

        return placement;
    }

    /// <summary>Meets another goal with the fewest moves: first of primaries, then, these given, of replicas.</summary>
    public RingPlacement Next(PlacementGoal goal)
    {
        var orders = new PreferredOrders(_bucketCount, goal);
        var replicas = Translate(_replicas, goal);
        var primaries = PlacePrimaries(goal, Translate(_primaries, goal), replicas, orders);
        return new RingPlacement(_bucketCount, goal, PlaceReplicas(goal, replicas, primaries, orders), primaries);
    }

    /// <summary>The datacenters of all buckets in one array: bucket after bucket, in each the primary first, then the others in ring order.</summary>
    public ImmutableArray<DatacenterId> ToOrderedDatacenters()
    {
        var size = _goal.ReplicasPerBucket;
        var distances = _goal.Datacenters.Select((_, slot) => VirtualNodes.Of(_bucketCount, _goal, slot, Ring.Succession).Distances()).ToArray();
        var ordered = ImmutableArray.CreateBuilder<DatacenterId>(_replicas.Length * size);
        Span<int> slots = stackalloc int[Topology.MaxReplicationFactor];
        for (var bucket = 0; bucket < _replicas.Length; bucket++)
        {
            slots[0] = BitOperations.TrailingZeroCount(_primaries[bucket]);
            var count = 1;
            for (var rest = _replicas[bucket] & ~_primaries[bucket]; rest != 0; rest &= rest - 1)
            {
                // Insertion sort by the distance to the next token; slots are read in ascending order, so ties go to the lower number.
                var slot = BitOperations.TrailingZeroCount(rest);
                var place = count++;
                for (; place > 1 && distances[slots[place - 1]][bucket] > distances[slot][bucket]; place--)
                {
                    slots[place] = slots[place - 1];
                }

                slots[place] = slot;
            }

            foreach (var slot in slots[..size])
            {
                ordered.Add(_goal.Datacenters[slot].Id);
            }
        }

        return ordered.MoveToImmutable();
    }

    private static ulong[] PlacePrimaries(PlacementGoal goal, ulong[] primaries, ulong[] replicas, PreferredOrders orders)
    {
        var slots = goal.Datacenters.Length;
        var replicaCounts = Assignment.Count(replicas, slots);
        var wanted = Quotas.OfReplicas(goal, replicas.Length, replicaCounts, new int[slots]).Wanted;

        // Whoever has a replica of the bucket, or is to take replicas somewhere anyway, can become its primary without another replica having to move.
        var growing = 0UL;
        for (var slot = 0; slot < slots; slot++)
        {
            growing |= wanted[slot] > replicaCounts[slot] ? 1UL << slot : 0;
        }

        var preferred = new ulong[replicas.Length];
        for (var bucket = 0; bucket < preferred.Length; bucket++)
        {
            preferred[bucket] = replicas[bucket] | growing;
        }

        var quotas = Quotas.OfPrimaries(goal, replicas.Length, Assignment.Count(primaries, slots));
        return Place(new Assignment(primaries, preferred, new ulong[primaries.Length], quotas), 1, orders);
    }

    private static ulong[] PlaceReplicas(PlacementGoal goal, ulong[] replicas, ulong[] primaries, PreferredOrders orders)
    {
        var slots = goal.Datacenters.Length;
        var quotas = Quotas.OfReplicas(goal, replicas.Length, Assignment.Count(replicas, slots), Assignment.Count(primaries, slots));
        var preferred = new ulong[replicas.Length];
        Array.Fill(preferred, ulong.MaxValue);
        return Place(new Assignment(replicas, preferred, primaries, quotas), goal.ReplicasPerBucket, orders);
    }

    private static ulong[] Place(Assignment assignment, int size, PreferredOrders orders)
    {
        var greedy = new GreedyMoves(assignment);
        greedy.DropExtraHolders(size);
        greedy.FillVacancies(size);
        greedy.MoveDirectly(orders.Of);
        AugmentingPaths.Balance(assignment);
        return assignment.Held;
    }

    /// <summary>Turns masks over this goal's datacenters into masks over another's; datacenters that are not in that are left out.</summary>
    private ulong[] Translate(ulong[] masks, PlacementGoal goal)
    {
        var slots = _goal.Datacenters.Select(old => goal.Datacenters.Select(datacenter => datacenter.Id).ToList().IndexOf(old.Id)).ToArray();
        var translated = new ulong[masks.Length];
        for (var bucket = 0; bucket < masks.Length; bucket++)
        {
            for (var rest = masks[bucket]; rest != 0; rest &= rest - 1)
            {
                var slot = slots[BitOperations.TrailingZeroCount(rest)];
                translated[bucket] |= slot < 0 ? 0 : 1UL << slot;
            }
        }

        return translated;
    }

    /// <summary>The order in which each datacenter takes buckets, worked out when first asked for.</summary>
    private sealed class PreferredOrders(BucketCount bucketCount, PlacementGoal goal)
    {
        private readonly int[]?[] _orders = new int[goal.Datacenters.Length][];

        public int[] Of(int slot) => _orders[slot] ??= VirtualNodes.Of(bucketCount, goal, slot, Ring.Assignment).PreferredBuckets();
    }
}
