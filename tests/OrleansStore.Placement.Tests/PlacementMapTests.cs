using System.Buffers.Binary;
using System.Diagnostics;
using OrleansStore.Placement.Hashing;
using Xunit.Abstractions;

namespace OrleansStore.Placement.Tests;

public sealed class PlacementMapTests(ITestOutputHelper output)
{
    // Placement is part of the stored format: another answer for the same topology would move data at the next start. These values never change.
    [Theory, Trait("Category", "Durability")]
    [InlineData(64, 3, 3, 0xe154400d75b94735UL)]
    [InlineData(64, 3, 5, 0x23b951431261e573UL)]
    [InlineData(1024, 2, 7, 0x77ca585facaf1ee7UL)]
    [InlineData(65536, 3, 16, 0x3dee67e479560fbeUL)]
    public void Create_NeverChangesItsAnswer(int buckets, int replicationFactor, int datacenters, ulong hash)
    {
        var weights = Enumerable.Range(0, datacenters).Select(i => 1 + (i % 3)).ToArray();
        var topology = Topologies.Create(buckets, replicationFactor, weights).WithAdded(2).Without(new DatacenterId(2));
        var map = PlacementMap.Create(topology);
        var bytes = new byte[2 * buckets * map.ReplicasPerBucket];
        var length = 0;
        for (uint number = 0; number < buckets; number++)
        {
            foreach (var datacenter in map.DatacentersOf(new BucketId(number)))
            {
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(length), datacenter.Value);
                length += 2;
            }
        }

        Assert.Equal(bytes.Length, length);
        Assert.Equal(hash, SipHash24.Hash(0, 0, bytes));
    }

    [Fact, Trait("Category", "Unit")]
    public void DatacentersOf_PutsThePrimaryFirst_WhenAllPrimariesAreInOneDatacenter()
    {
        var primary = new DatacenterId(2);
        var map = PlacementMap.Create(Topology.Create(Topologies.Draft(64, 2, 1, 1, 5, 5) with { PrimaryDatacenter = primary }));
        for (uint number = 0; number < 64; number++)
        {
            Assert.Equal(primary, map.PrimaryOf(new BucketId(number)));
            Assert.Equal(2, map.DatacentersOf(new BucketId(number)).Length);
        }
    }

    // What moves the primaries to one datacenter of three, which all hold everything, must not move a replica.
    [Fact, Trait("Category", "Unit")]
    public void Movement_IsOfPrimariesOnly_WhenThePrimaryDatacenterIsSet()
    {
        var topology = Topologies.Create(64, 3, 1, 1, 1);
        var pinned = topology.Replace(topology.ToDraft() with { PrimaryDatacenter = new DatacenterId(3) });
        var movement = PlacementMovement.Between(PlacementMap.Create(topology), PlacementMap.Create(pinned));

        Assert.Equal(0, movement.Replicas);
        Assert.InRange(movement.Primaries, 42, 43);
    }

    [Fact, Trait("Category", "Unit")]
    public void Movement_IsNone_WhenOnlyTheEpochChanges()
    {
        var topology = Topologies.Create(64, 3, 1, 2, 3, 4);
        Assert.Equal(default, PlacementMovement.Between(PlacementMap.Create(topology), PlacementMap.Create(topology.Replace(topology.ToDraft()))));
    }

    [Fact, Trait("Category", "Unit")]
    public void Movement_RefusesStoresOfOtherBucketCounts() => Assert.Throws<ArgumentException>(
        () => PlacementMovement.Between(PlacementMap.Create(Topologies.Create(64, 3, 1)), PlacementMap.Create(Topologies.Create(32, 3, 1))));

    // A store of n datacenters that took one more is placed like a store that was created with all of them.
    [Fact, Trait("Category", "Property")]
    public void Create_EqualsJoiningOneAfterTheOther_WhenTheFactorIsMet()
    {
        var grown = PlacementMap.Create(Topologies.Create(256, 2, 3, 1).WithAdded(2).WithAdded(5));
        var created = PlacementMap.Create(Topologies.Create(256, 2, 3, 1, 2, 5));

        Assert.Equal(default, PlacementMovement.Between(grown, created));
    }

    // When a datacenter is lost, its buckets fail over to the next in ring order: no single neighbour may get all of them.
    [Fact, Trait("Category", "Property")]
    public void SecondDatacenters_AreSpreadOverAllOthers_ForEachPrimary()
    {
        var map = PlacementMap.Create(Topologies.Create(4096, 3, 1, 1, 1, 1, 1));
        var pairs = Enumerable.Range(0, 4096)
            .Select(number => map.DatacentersOf(new BucketId((uint)number)).ToArray())
            .GroupBy(datacenters => (datacenters[0], datacenters[1]))
            .ToDictionary(group => group.Key, group => group.Count());

        // 20 pairs of 205 expected; sigma is 14.
        Assert.Equal(20, pairs.Count);
        Assert.All(pairs.Values, count => Assert.InRange(count, 120, 290));
    }

    [Fact, Trait("Category", "Unit")]
    public void DatacentersOf_RefusesBucketsTheStoreDoesNotHave()
    {
        var map = PlacementMap.Create(Topologies.Create(64, 3, 1, 1, 1));

        Assert.Throws<ArgumentOutOfRangeException>(() => map.PrimaryOf(new BucketId(64)));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.PrimaryOf(new BucketId(uint.MaxValue)));
        Assert.Throws<ArgumentOutOfRangeException>(() => map.PrimaryOf(new BucketId(3, SplitGeneration: 1)));
    }

    [Fact, Trait("Category", "Unit")]
    public void Lookup_AllocatesNothing()
    {
        var map = PlacementMap.Create(Topologies.Create(64, 3, 1, 1, 1));
        var key = "user/42"u8.ToArray();
        var sum = map.PrimaryOf(map.BucketOf(NamespaceId.Default, key)).Value;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            sum += map.PrimaryOf(map.BucketOf(NamespaceId.Default, key)).Value;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0, sum);
    }

    // Measured in tens of milliseconds; the limit leaves room for a busy machine and an unoptimised build.
    [Theory, Trait("Category", "Slow")]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(16)]
    public void Create_IsFast_AtTheLargestBucketCount(int datacenters)
    {
        var topology = Topologies.Create(BucketCount.Max, 3, [.. Enumerable.Range(0, datacenters).Select(i => 1 + (i % 4))]);
        PlacementMap.Create(topology);
        var watch = Stopwatch.StartNew();
        PlacementMap.Create(topology);
        output.WriteLine($"{datacenters} datacenters: {watch.ElapsedMilliseconds} ms");

        Assert.InRange(watch.ElapsedMilliseconds, 0, 2_000);
    }

    // The longest history a topology can have, at the largest bucket count: a change of topology may take that long, a start too.
    [Fact, Trait("Category", "Slow")]
    public void Create_TakesSeconds_WithAllPastGoals()
    {
        var topology = Topologies.Create(BucketCount.Max, 3, 1, 2, 3, 4, 1, 2, 3, 4);
        while (topology.PastGoals.Length < Topology.MaxPastGoals)
        {
            var changed = topology.Datacenters[topology.PastGoals.Length % 8];
            topology = topology.With(changed with { Weight = 1 + ((changed.Weight + 1) % 5) });
        }

        var watch = Stopwatch.StartNew();
        PlacementMap.Create(topology);
        output.WriteLine($"{topology.PastGoals.Length} past goals: {watch.ElapsedMilliseconds} ms, {topology.Encode().Length} bytes");

        Assert.InRange(watch.ElapsedMilliseconds, 0, 30_000);
    }
}
