using OrleansStore.Placement.Rings;

namespace OrleansStore.Placement.Tests.Rings;

public sealed class WeightedSharesTests
{
    [Fact, Trait("Category", "Unit")]
    public void OfReplicas_FillsByWeight_AndNobodyGetsMoreThanAll()
    {
        Assert.Equal([48.0, 48.0, 48.0, 48.0], Replicas(Topologies.Create(64, 3, 1, 1, 1, 1)));

        // 10 of 12 weights would ask for 106 of 128 replicas; the two others share what is left over.
        Assert.Equal([64.0, 32.0, 32.0], Replicas(Topologies.Create(64, 2, 10, 1, 1)));

        // Filling the first leaves the second owed more than all, too.
        Assert.Equal([64.0, 64.0, 32.0, 32.0], Replicas(Topologies.Create(64, 3, 100, 10, 1, 1)));
        Assert.Equal([64.0, 64.0], Replicas(Topologies.Create(64, 3, 1, 9)));
    }

    [Fact, Trait("Category", "Unit")]
    public void Shares_GiveAllPrimariesAndReplicas_ToThePrimaryDatacenter()
    {
        var topology = Topology.Create(Topologies.Draft(64, 2, 5, 1, 5) with { PrimaryDatacenter = new DatacenterId(2) });

        Assert.Equal([0.0, 64.0, 0.0], WeightedShares.OfPrimaries(topology.Goal, 64).Select(share => share.Value));
        Assert.Equal([32.0, 64.0, 32.0], Replicas(topology));
    }

    // A dumb second version: raise the level of the water until all replicas are placed.
    [Fact, Trait("Category", "Property")]
    public void OfReplicas_AgreesWithBisection_ForRandomWeights()
    {
        const ulong Seed = 0x5EED_0021;
        var random = new SplitMix64(Seed);
        for (var run = 0; run < 500; run++)
        {
            var topology = Topologies.Random(random, 1 << random.Next(0, 17), maxDatacenters: 16, maxWeight: 100);
            var weights = topology.Datacenters.Select(datacenter => datacenter.Id == topology.Goal.PrimaryDatacenter ? 1e13 : datacenter.Weight).ToArray();
            double buckets = topology.BucketCount.Value;
            var (low, high) = (0.0, 2 * buckets);
            for (var step = 0; step < 200; step++)
            {
                var level = (low + high) / 2;
                var placed = weights.Sum(weight => Math.Min(buckets, level * weight));
                (low, high) = placed < buckets * topology.Goal.ReplicasPerBucket ? (level, high) : (low, level);
            }

            foreach (var (weight, share) in weights.Zip(Replicas(topology)))
            {
                Assert.True(Math.Abs(Math.Min(buckets, high * weight) - share) < 0.01, $"seed {Seed:x}, run {run}: {topology.Describe()}");
            }
        }
    }

    private static double[] Replicas(Topology topology) =>
        [.. WeightedShares.OfReplicas(topology.Goal, topology.BucketCount.Value).Select(share => share.Value)];
}
