namespace OrleansStore.Datacenters.Identity;

/// <summary>A data folder that a store was founded with. The founders' replicas are the first voters of the buckets.</summary>
/// <param name="Datacenter">The datacenter; not <see cref="DatacenterId.None"/>.</param>
/// <param name="Incarnation">The incarnation of its folder then, in [1, <see cref="ReplicaId.MaxIncarnation"/>].</param>
public readonly record struct Founder(DatacenterId Datacenter, ulong Incarnation);
