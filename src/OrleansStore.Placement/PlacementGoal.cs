using System.Collections.Immutable;

namespace OrleansStore.Placement;

/// <summary>What a topology asks of the ring: everything that placement depends on, apart from the bucket count and the goals before this one.</summary>
public sealed class PlacementGoal : IEquatable<PlacementGoal>
{
    internal PlacementGoal(int replicationFactor, DatacenterId primaryDatacenter, ImmutableArray<DatacenterWeight> datacenters)
    {
        ReplicationFactor = replicationFactor;
        PrimaryDatacenter = primaryDatacenter;
        Datacenters = datacenters;
    }

    /// <summary>How many datacenters are to hold each bucket; with fewer datacenters each holds every bucket.</summary>
    public int ReplicationFactor { get; }

    /// <summary>Where all primaries are to be; <see cref="DatacenterId.None"/>: the ring spreads them by weight.</summary>
    public DatacenterId PrimaryDatacenter { get; }

    /// <summary>The datacenters by ascending number.</summary>
    public ImmutableArray<DatacenterWeight> Datacenters { get; }

    /// <summary>How many replicas each bucket gets: the replication factor or, if that is less, the number of datacenters.</summary>
    public int ReplicasPerBucket => Math.Min(ReplicationFactor, Datacenters.Length);

    /// <inheritdoc/>
    public bool Equals(PlacementGoal? other) =>
        other is not null &&
        ReplicationFactor == other.ReplicationFactor &&
        PrimaryDatacenter == other.PrimaryDatacenter &&
        Datacenters.AsSpan().SequenceEqual(other.Datacenters.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PlacementGoal);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = (ReplicationFactor * 31) + PrimaryDatacenter.Value;
        foreach (var datacenter in Datacenters)
        {
            hash = unchecked((hash * 31) + (datacenter.Id.Value * 17) + datacenter.Weight);
        }

        return hash;
    }

    /// <summary>The goal of the same store while it still had only its first <paramref name="count"/> datacenters.</summary>
    internal PlacementGoal Prefix(int count)
    {
        var first = Datacenters[..count];
        var hasPrimary = first.Any(datacenter => datacenter.Id == PrimaryDatacenter);
        return new PlacementGoal(ReplicationFactor, hasPrimary ? PrimaryDatacenter : DatacenterId.None, first);
    }
}
