using OrleansStore.Placement.Rings;
using Xunit.Abstractions;

namespace OrleansStore.Placement.Tests;

/// <summary>How much moves when one of n datacenters, 2 to 16, joins or leaves.</summary>
/// <remarks>
/// Moved primaries: buckets whose primary datacenter differs. Moved replicas: for each bucket the datacenters that hold it afterwards and did not before.
/// Ideal: the share, as a fraction, of the datacenter that joined or is to leave; nobody else's share rises when it joins or falls when it leaves, so
/// moving that much and no more would be perfect. Bound: 1.5 times that at 64 buckets, 1.15 times at 1,024 and more. Where that is less than the
/// share rounded up, the bound is the share rounded up, for so much has to move when the rounding goes against it; of replicas one more where the
/// share is below 4 buckets.
/// </remarks>
public sealed class MovementTests(ITestOutputHelper output)
{
    // Where weights differ and a datacenter is entitled to more of all buckets than this, but not to all, the bound on replicas is not promised: see the README.
    private const double LargestPromisedShare = 0.6;

    [Theory, Trait("Category", "Property")]
    [InlineData(64, 1.5, 1, 1, 0x5EED_0050)]
    [InlineData(64, 1.5, 4, 2, 0x5EED_0051)]
    [InlineData(1024, 1.15, 1, 1, 0x5EED_0052)]
    [InlineData(1024, 1.15, 4, 1, 0x5EED_0053)]
    public void Movement_IsNearTheIdeal_WhenOneJoinsOrLeaves(int buckets, double bound, int maxWeight, int topologies, ulong seed) =>
        Check(buckets, bound, maxWeight, topologies, seed);

    [Theory, Trait("Category", "Slow")]
    [InlineData(64, 1.5, 1, 1, 0x5EED_0054)]
    [InlineData(64, 1.5, 4, 8, 0x5EED_0055)]
    [InlineData(64, 1.5, 10, 8, 0x5EED_0056)]
    [InlineData(1024, 1.15, 4, 3, 0x5EED_0057)]
    [InlineData(1024, 1.15, 10, 3, 0x5EED_0058)]
    [InlineData(4096, 1.15, 10, 1, 0x5EED_0059)]
    public void Movement_IsNearTheIdeal_ForManyTopologies(int buckets, double bound, int maxWeight, int topologies, ulong seed) =>
        Check(buckets, bound, maxWeight, topologies, seed);

    private void Check(int buckets, double bound, int maxWeight, int topologies, ulong seed)
    {
        var random = new SplitMix64(seed);
        var worst = new Worst();
        for (var count = 2; count <= 16; count++)
        {
            for (var run = 0; run < topologies; run++)
            {
                var weights = Enumerable.Range(0, count).Select(_ => random.Next(1, maxWeight + 1)).ToArray();
                foreach (var replicationFactor in (int[])[1, 2, 3, 5])
                {
                    var topology = Topologies.Create(buckets, replicationFactor, weights);
                    CheckAround(topology, random.Next(1, maxWeight + 1), bound, worst, $"seed {seed:x}");
                }
            }
        }

        output.WriteLine($"{buckets} buckets, weights 1 to {maxWeight}: {worst}");
    }

    private static void CheckAround(Topology topology, int newWeight, double bound, Worst worst, string text)
    {
        var map = PlacementMap.Create(topology);
        var larger = topology.WithAdded(newWeight);
        var largerMap = PlacementMap.Create(larger);
        CheckOne(larger, larger.LastDatacenter, PlacementMovement.Between(map, largerMap), Promised(topology, larger), bound, worst, $"{text}: join {topology.Describe()}");

        // A newcomer must be able to leave again as cheaply, too.
        var left = PlacementMovement.Between(largerMap, PlacementMap.Create(larger.Without(larger.LastDatacenter)));
        CheckOne(larger, larger.LastDatacenter, left, Promised(topology, larger), bound, worst, $"{text}: leave again {topology.Describe()}");
        foreach (var datacenter in topology.Datacenters)
        {
            var smaller = topology.Without(datacenter.Id);
            var movement = PlacementMovement.Between(map, PlacementMap.Create(smaller));
            CheckOne(topology, datacenter.Id, movement, Promised(topology, topology), bound, worst, $"{text}: {datacenter.Id} leaves {topology.Describe()}");
        }
    }

    private static void CheckOne(Topology with, DatacenterId changed, PlacementMovement movement, bool isPromised, double bound, Worst worst, string text)
    {
        var slot = with.Datacenters.IndexOf(with.Find(changed)!);
        var primaries = WeightedShares.OfPrimaries(with.Goal, with.BucketCount.Value)[slot];
        var replicas = WeightedShares.OfReplicas(with.Goal, with.BucketCount.Value)[slot];
        worst.Note(movement, primaries, replicas, isPromised);

        // The fewest there can be, whatever the weights.
        Assert.True(movement.Primaries <= primaries.Ceiling, $"{text}: {movement.Primaries} primaries moved, share {primaries.Value:F2}");
        var roundedUp = replicas.Ceiling + (replicas.Value < 4 ? 1 : 0);
        var most = isPromised ? Math.Max(bound * replicas.Value, roundedUp) : 2 * replicas.Ceiling;
        Assert.True(movement.Replicas <= most, $"{text}: {movement.Replicas} replicas moved, share {replicas.Value:F2}, ratio {movement.Replicas / replicas.Value:F3}");
    }

    private static bool Promised(Topology first, Topology second) => IsPromised(first) && IsPromised(second);

    private static bool IsPromised(Topology topology) => topology.Weights().Distinct().Count() == 1 || LargestShare(topology) <= LargestPromisedShare;

    /// <summary>The largest part of all buckets that a datacenter is entitled to, except where it is entitled to all.</summary>
    private static double LargestShare(Topology topology) =>
        WeightedShares.OfReplicas(topology.Goal, topology.BucketCount.Value)
            .Select(share => share.Value / topology.BucketCount.Value)
            .Where(share => share < 1)
            .DefaultIfEmpty(0)
            .Max();

    private sealed class Worst
    {
        private double _primaries;
        private double _replicas;
        private double _unpromisedReplicas;

        // Shares below 4 buckets tell of rounding only: one bucket is a quarter of them.
        public void Note(PlacementMovement movement, Share primaries, Share replicas, bool isPromised)
        {
            _primaries = primaries.Value < 4 ? _primaries : Math.Max(_primaries, movement.Primaries / primaries.Value);
            var ratio = replicas.Value < 4 ? 0 : movement.Replicas / replicas.Value;
            _replicas = isPromised ? Math.Max(_replicas, ratio) : _replicas;
            _unpromisedReplicas = isPromised ? _unpromisedReplicas : Math.Max(_unpromisedReplicas, ratio);
        }

        public override string ToString() => FormattableString.Invariant(
            $"worst ratio {_primaries:F3} of primaries, {_replicas:F3} of replicas; {_unpromisedReplicas:F3} of replicas where weights differ and one datacenter has more than {LargestPromisedShare:P0}");
    }
}
