using System.Collections.Immutable;

namespace OrleansStore.Placement;

/// <summary>What an operator may ask of a topology, not yet checked.</summary>
public sealed record TopologyDraft
{
    /// <summary>The datacenters, in any order: 1 to <see cref="Topology.MaxDatacenters"/>.</summary>
    public required ImmutableArray<Datacenter> Datacenters { get; init; }

    /// <summary>How many datacenters hold each bucket, in [1, <see cref="Topology.MaxReplicationFactor"/>]. It may exceed the number of datacenters: then each
    /// holds every bucket, and the next ones to join take copies until the factor is reached.</summary>
    public int ReplicationFactor { get; init; } = 3;

    /// <summary>A power of two in [<see cref="Placement.BucketCount.Min"/>, <see cref="Placement.BucketCount.Max"/>]. Fixed when the store is created.</summary>
    public int BucketCount { get; init; } = Placement.BucketCount.Default.Value;

    /// <summary>The datacenter that is to be primary of every bucket; <see cref="DatacenterId.None"/>: the ring spreads the primaries by weight.</summary>
    public DatacenterId PrimaryDatacenter { get; init; }
}
