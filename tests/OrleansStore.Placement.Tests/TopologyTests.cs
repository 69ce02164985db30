using System.Collections.Immutable;

namespace OrleansStore.Placement.Tests;

public sealed class TopologyTests
{
    [Fact, Trait("Category", "Unit")]
    public void Create_GivesEpochOneAndSortsDatacenters()
    {
        var topology = Topology.Create(new TopologyDraft { Datacenters = [Topologies.Datacenter(9), Topologies.Datacenter(2, weight: 5)] });

        Assert.Equal(new Epoch(1), topology.Epoch);
        Assert.Equal([2, 9], topology.Datacenters.Select(datacenter => (int)datacenter.Id.Value));
        Assert.Equal(new DatacenterId(9), topology.LastDatacenter);
        Assert.Equal(64, topology.BucketCount.Value);
        Assert.Equal(2, topology.Goal.ReplicasPerBucket);
        Assert.Equal("dc2", topology.Find(new DatacenterId(2))?.Name);
        Assert.Null(topology.Find(new DatacenterId(3)));
    }

    [Fact, Trait("Category", "Unit")]
    public void Validate_ReportsEveryErrorWithItsValue()
    {
        var draft = new TopologyDraft
        {
            Datacenters =
            [
                new Datacenter(DatacenterId.None, "zero"),
                new Datacenter(new DatacenterId(3), "same", 10_001),
                new Datacenter(new DatacenterId(3), "SAME", 0),
                new Datacenter(new DatacenterId(4), "with space"),
                new Datacenter(new DatacenterId(5), "-dash"),
                new Datacenter(new DatacenterId(6), new string('n', 64)),
                new Datacenter(new DatacenterId(7), ""),
            ],
            ReplicationFactor = 10,
            BucketCount = 100,
            PrimaryDatacenter = new DatacenterId(8),
        };

        string[] expected =
        [
            "BucketCount=100", "ReplicationFactor=10", "zero has the number 0", "number 3 is given to two", "name SAME is given to two", "weight 10001", "weight 0",
            "'with space'", "'-dash'", "'nnnn", "named ''", "PrimaryDatacenter=8",
        ];
        var errors = Topology.Validate(draft);

        Assert.All(expected, part => Assert.Contains(errors, error => error.Contains(part, StringComparison.Ordinal)));
        Assert.Equal(expected.Length, errors.Length);
        var message = Assert.Throws<ArgumentException>(() => Topology.Create(draft)).Message;
        Assert.All(errors, error => Assert.Contains(error, message, StringComparison.Ordinal));
    }

    [Theory, Trait("Category", "Unit")]
    [InlineData(0)]
    [InlineData(65)]
    public void Validate_RefusesNumberOfDatacenters_OutOfRange(int count) =>
        Assert.Contains(Topology.Validate(Topologies.Draft(64, 3, [.. Enumerable.Repeat(1, count)])), error => error.Contains($"{count} datacenters", StringComparison.Ordinal));

    [Fact, Trait("Category", "Unit")]
    public void Validate_ReportsMissingDatacenters_WhenTheListIsDefault() =>
        Assert.Single(Topology.Validate(new TopologyDraft { Datacenters = default }));

    [Fact, Trait("Category", "Unit")]
    public void Replace_RaisesEpochAndRemembersGoal_WhenGoalChanges()
    {
        var first = Topologies.Create(64, 3, 1, 1, 1);
        var second = first.WithAdded(weight: 2);

        Assert.Equal(first.Epoch.Next, second.Epoch);
        Assert.Equal(first.Goal, Assert.Single(second.PastGoals));
        Assert.Equal(4, second.Datacenters.Length);
        Assert.NotEqual(first.Hash, second.Hash);
    }

    [Fact, Trait("Category", "Unit")]
    public void Replace_RemembersNothing_WhenGoalStays()
    {
        var first = Topologies.Create(64, 3, 1, 1, 1);
        var second = first.Replace(first.ToDraft());

        Assert.Equal(first.Epoch.Next, second.Epoch);
        Assert.Empty(second.PastGoals);
        Assert.NotEqual(first, second);
    }

    [Fact, Trait("Category", "Unit")]
    public void Replace_RefusesBucketCountReusedNumberAndNewName_AllAtOnce()
    {
        var topology = Topologies.Create(64, 3, 1, 1, 1).WithAdded(1).Without(new DatacenterId(4));
        var draft = topology.ToDraft() with
        {
            BucketCount = 128,
            Datacenters = [new Datacenter(new DatacenterId(1), "renamed"), Topologies.Datacenter(2), Topologies.Datacenter(4)],
        };

        var errors = topology.ValidateReplacement(draft);

        Assert.Equal(3, errors.Length);
        Assert.Contains("BucketCount=128 cannot replace 64", errors[0], StringComparison.Ordinal);
        Assert.Contains("dc1 and cannot become renamed", errors[1], StringComparison.Ordinal);
        Assert.Contains("4 (dc4) needs a number above 4", errors[2], StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => topology.Replace(draft));
    }

    [Fact, Trait("Category", "Unit")]
    public void Replace_RefusesMorePastGoalsThanAreKept_UntilTheyAreForgotten()
    {
        var topology = Topologies.Create(4, 3, 1, 1);
        for (var i = 0; i < Topology.MaxPastGoals; i++)
        {
            topology = topology.With(Topologies.Datacenter(1, weight: 2 + i));
        }

        Assert.Equal(Topology.MaxPastGoals, topology.PastGoals.Length);
        Assert.Contains("128 past goals", Assert.Throws<ArgumentException>(() => topology.WithAdded(1)).Message, StringComparison.Ordinal);
        var forgetful = topology.ForgetPastGoals();
        Assert.Empty(forgetful.PastGoals);
        Assert.Equal(topology.Goal, forgetful.Goal);
        Assert.Equal(topology.Epoch.Next, forgetful.Epoch);
        Assert.Equal(3, forgetful.WithAdded(1).Datacenters.Length);
    }

    [Fact, Trait("Category", "Unit")]
    public void Equals_ComparesTheWholeValue()
    {
        var topology = Topologies.Create(64, 3, 1, 2);
        Assert.Equal(topology, Topologies.Create(64, 3, 1, 2));
        Assert.Equal(topology.GetHashCode(), Topologies.Create(64, 3, 1, 2).GetHashCode());
        ImmutableArray<Topology> others =
        [
            Topologies.Create(64, 3, 1, 1), Topologies.Create(64, 2, 1, 2), Topologies.Create(32, 3, 1, 2), topology.ForgetPastGoals(),
            Topology.Create(topology.ToDraft() with { PrimaryDatacenter = new DatacenterId(2) }),
            Topology.Create(topology.ToDraft() with { Datacenters = [topology.Datacenters[0], topology.Datacenters[1] with { Name = "other" }] }),
        ];
        Assert.All(others, other => Assert.NotEqual(topology.Hash, other.Hash));
        Assert.All(others, other => Assert.NotEqual(topology, other));
    }

    [Fact, Trait("Category", "Unit")]
    public void FixedSource_AlwaysReturnsItsTopology()
    {
        var topology = Topologies.Create(64, 3, 1, 1, 1);
        var source = new FixedTopologySource(topology);
        var subscription = source.Subscribe(new FailingObserver());
        subscription.Dispose();
        subscription.Dispose();

        Assert.Same(topology, source.Current);
        Assert.Throws<ArgumentNullException>(() => source.Subscribe(null!));
        Assert.Throws<ArgumentNullException>(() => new FixedTopologySource(null!));
    }

    private sealed class FailingObserver : ITopologyObserver
    {
        public void OnTopologyChanged(Topology topology) => Assert.Fail("a fixed topology changed");
    }
}
