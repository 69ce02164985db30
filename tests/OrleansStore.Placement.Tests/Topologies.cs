using System.Collections.Immutable;

namespace OrleansStore.Placement.Tests;

/// <summary>Topologies for tests.</summary>
internal static class Topologies
{
    public static Datacenter Datacenter(int number, int weight = 1) => new(new DatacenterId((ushort)number), $"dc{number}", weight);

    public static Topology Create(int buckets, int replicationFactor, params int[] weights) => Topology.Create(Draft(buckets, replicationFactor, weights));

    public static TopologyDraft Draft(int buckets, int replicationFactor, params int[] weights) => new()
    {
        Datacenters = [.. weights.Select((weight, i) => Datacenter(i + 1, weight))],
        ReplicationFactor = replicationFactor,
        BucketCount = buckets,
    };

    public static Topology With(this Topology topology, Datacenter datacenter) => topology.Replace(topology.ToDraft() with
    {
        Datacenters = topology.Datacenters.RemoveAll(each => each.Id == datacenter.Id).Add(datacenter),
    });

    public static Topology Without(this Topology topology, DatacenterId id) => topology.Replace(topology.ToDraft() with
    {
        Datacenters = topology.Datacenters.RemoveAll(each => each.Id == id),
    });

    public static Topology WithAdded(this Topology topology, int weight) => topology.With(Datacenter(topology.LastDatacenter.Value + 1, weight));

    public static ImmutableArray<int> Weights(this Topology topology) => [.. topology.Datacenters.Select(datacenter => datacenter.Weight)];

    /// <summary>A valid topology; in one of four, all primaries are in one datacenter.</summary>
    public static Topology Random(SplitMix64 random, int buckets, int maxDatacenters, int maxWeight)
    {
        var weights = Enumerable.Range(0, random.Next(1, maxDatacenters + 1)).Select(_ => random.Next(1, maxWeight + 1)).ToArray();
        var draft = Draft(buckets, random.Next(1, 6), weights);
        return Topology.Create(random.Next(0, 4) == 0 ? draft with { PrimaryDatacenter = draft.Datacenters[random.Next(0, weights.Length)].Id } : draft);
    }

    /// <summary>One datacenter more, fewer or of another weight, another replication factor, or another place of the primaries.</summary>
    public static Topology RandomChange(Topology topology, SplitMix64 random, int maxWeight)
    {
        var any = topology.Datacenters[random.Next(0, topology.Datacenters.Length)];
        var draft = topology.ToDraft();
        switch (random.Next(0, 5))
        {
            case 0:
                return topology.WithAdded(random.Next(1, maxWeight + 1));
            case 1 when topology.Datacenters.Length > 1:
                return topology.Replace(draft with
                {
                    Datacenters = draft.Datacenters.Remove(any),
                    PrimaryDatacenter = draft.PrimaryDatacenter == any.Id ? DatacenterId.None : draft.PrimaryDatacenter,
                });
            case 2:
                return topology.Replace(draft with { ReplicationFactor = random.Next(1, 6) });
            case 3:
                return topology.Replace(draft with { PrimaryDatacenter = random.NextBool() ? any.Id : DatacenterId.None });
            default:
                return topology.With(any with { Weight = random.Next(1, maxWeight + 1) });
        }
    }

    /// <summary>The topology in words, for messages.</summary>
    public static string Describe(this Topology topology) =>
        $"{topology.BucketCount} buckets, factor {topology.Goal.ReplicationFactor}, primaries in {topology.Goal.PrimaryDatacenter}, " +
        $"datacenters {string.Join(' ', topology.Datacenters.Select(datacenter => $"{datacenter.Id}:{datacenter.Weight}"))}, {topology.PastGoals.Length} past goals";
}
