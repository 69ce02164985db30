using System.Numerics;
using OrleansStore.Placement.Rings;

namespace OrleansStore.Placement.Tests.Rings;

/// <summary>Compares the moves that were made with the fewest there can be, found by trying every placement of a tiny store.</summary>
public sealed class FewestMovesTests
{
    private const int Buckets = 4;

    [Fact, Trait("Category", "Property")]
    public void Next_MovesAsFewAsAnyPlacementCould()
    {
        const ulong Seed = 0x5EED_0030;
        var random = new SplitMix64(Seed);
        for (var run = 0; run < 150; run++)
        {
            var before = Topologies.Random(random, Buckets, maxDatacenters: 4, maxWeight: 4);
            var after = Topologies.RandomChange(before, random, maxWeight: 4);
            if (after.Datacenters.Length > 4)
            {
                continue;
            }

            var old = PlacementMap.Create(before);
            var map = PlacementMap.Create(after);
            var movement = PlacementMovement.Between(old, map);
            var text = $"seed {Seed:x}, run {run}: {before.Describe()} -> {after.Describe()}";

            Assert.True(FewestPrimaries(old, after) == movement.Primaries, $"{text}: {movement}, possible {FewestPrimaries(old, after)} primaries");
            Assert.True(FewestReplicas(old, map) == movement.Replicas, $"{text}: {movement}, possible {FewestReplicas(old, map)} replicas");
        }
    }

    private static int FewestPrimaries(PlacementMap old, Topology after)
    {
        var shares = WeightedShares.OfPrimaries(after.Goal, Buckets);
        var changes = Enumerable.Range(0, Buckets)
            .Select(bucket => after.Datacenters.Select(datacenter => datacenter.Id != old.PrimaryOf(new BucketId((uint)bucket)) ? 1 : 0).ToArray())
            .ToArray();
        var single = Enumerable.Range(0, after.Datacenters.Length).Select(slot => 1 << slot).ToArray();
        return Fewest(shares, _ => single, (bucket, mask) => changes[bucket][BitOperations.TrailingZeroCount(mask)]);
    }

    private static int FewestReplicas(PlacementMap old, PlacementMap map)
    {
        var after = map.Topology;
        var ids = after.Datacenters.Select(datacenter => datacenter.Id).ToList();
        var shares = WeightedShares.OfReplicas(after.Goal, Buckets);
        var masks = Enumerable.Range(1, (1 << ids.Count) - 1).Where(mask => int.PopCount(mask) == map.ReplicasPerBucket).ToArray();
        return Fewest(
            shares,
            bucket => masks.Where(mask => (mask & (1 << ids.IndexOf(map.PrimaryOf(new BucketId((uint)bucket))))) != 0),
            (bucket, mask) =>
            {
                var moves = 0;
                for (var slot = 0; slot < ids.Count; slot++)
                {
                    moves += (mask & (1 << slot)) != 0 && !old.DatacentersOf(new BucketId((uint)bucket)).Contains(ids[slot]) ? 1 : 0;
                }

                return moves;
            });
    }

    private static int Fewest(Share[] shares, Func<int, IEnumerable<int>> choices, Func<int, int, int> moves)
    {
        var best = int.MaxValue;
        Try(0, new int[shares.Length], 0);
        return best;

        void Try(int bucket, int[] counts, int moved)
        {
            if (bucket == Buckets)
            {
                var isFair = counts.Zip(shares).All(pair => pair.First >= pair.Second.Floor && pair.First <= pair.Second.Ceiling);
                best = isFair ? Math.Min(best, moved) : best;
                return;
            }

            foreach (var mask in choices(bucket))
            {
                Add(counts, mask, 1);
                Try(bucket + 1, counts, moved + moves(bucket, mask));
                Add(counts, mask, -1);
            }
        }
    }

    private static void Add(int[] counts, int mask, int change)
    {
        for (var slot = 0; slot < counts.Length; slot++)
        {
            counts[slot] += (mask & (1 << slot)) != 0 ? change : 0;
        }
    }
}
