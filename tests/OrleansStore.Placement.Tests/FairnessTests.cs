using OrleansStore.Placement.Rings;

namespace OrleansStore.Placement.Tests;

/// <summary>What holds of every placement: shares within one bucket, distinct datacenters, and nothing but the topology decides.</summary>
public sealed class FairnessTests
{
    [Theory, Trait("Category", "Property")]
    [InlineData(0x5EED_0040, 1, 60)]
    [InlineData(0x5EED_0041, 2, 60)]
    [InlineData(0x5EED_0042, 8, 60)]
    [InlineData(0x5EED_0043, 64, 40)]
    [InlineData(0x5EED_0044, 1024, 8)]
    public void EveryDatacenter_IsWithinOneBucketOfItsShare_ThroughRandomChanges(ulong seed, int buckets, int runs) => Check(seed, buckets, runs, maxDatacenters: 17);

    [Theory, Trait("Category", "Slow")]
    [InlineData(0x5EED_0045, 1, 200)]
    [InlineData(0x5EED_0046, 4, 200)]
    [InlineData(0x5EED_0047, 64, 150)]
    [InlineData(0x5EED_0048, 1024, 40)]
    [InlineData(0x5EED_0049, 65536, 2)]
    public void EveryDatacenter_IsWithinOneBucketOfItsShare_ThroughManyRandomChanges(ulong seed, int buckets, int runs) => Check(seed, buckets, runs, maxDatacenters: 40);

    private static void Check(ulong seed, int buckets, int runs, int maxDatacenters)
    {
        var random = new SplitMix64(seed);
        for (var run = 0; run < runs; run++)
        {
            var maxWeight = random.NextBool() ? 4 : Datacenter.MaxWeight;
            var topology = Topologies.Random(random, buckets, maxDatacenters, maxWeight);
            for (var change = 0; change < 5; change++)
            {
                CheckOne(topology, $"seed {seed:x}, run {run}: {topology.Describe()}");
                topology = Topologies.RandomChange(topology, random, maxWeight);
            }
        }
    }

    private static void CheckOne(Topology topology, string text)
    {
        var map = PlacementMap.Create(topology);
        var again = PlacementMap.Create(Topology.Decode(topology.Encode()));
        var primaries = new Dictionary<DatacenterId, int>();
        var replicas = new Dictionary<DatacenterId, int>();
        for (uint number = 0; number < topology.BucketCount.Value; number++)
        {
            var datacenters = map.DatacentersOf(new BucketId(number));
            Assert.True(datacenters.SequenceEqual(again.DatacentersOf(new BucketId(number))), text);
            Assert.True(datacenters.Length == Math.Min(topology.Goal.ReplicationFactor, topology.Datacenters.Length), text);
            Assert.True(datacenters.ToArray().Distinct().Count() == datacenters.Length, text);
            primaries[datacenters[0]] = primaries.GetValueOrDefault(datacenters[0]) + 1;
            foreach (var datacenter in datacenters)
            {
                replicas[datacenter] = replicas.GetValueOrDefault(datacenter) + 1;
            }
        }

        CheckShares(topology, primaries, WeightedShares.OfPrimaries(topology.Goal, topology.BucketCount.Value), $"{text}: primaries");
        CheckShares(topology, replicas, WeightedShares.OfReplicas(topology.Goal, topology.BucketCount.Value), $"{text}: replicas");
    }

    private static void CheckShares(Topology topology, Dictionary<DatacenterId, int> counts, Share[] shares, string text)
    {
        foreach (var (datacenter, share) in topology.Datacenters.Zip(shares))
        {
            var count = counts.GetValueOrDefault(datacenter.Id);
            Assert.True(Math.Abs(count - share.Value) < 1, $"{text}: datacenter {datacenter.Id} has {count} of {share.Value:F3}");
        }

        Assert.True(counts.Keys.All(id => topology.Find(id) is not null), text);
    }
}
