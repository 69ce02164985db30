using System.Collections.Immutable;
using OrleansStore.Service.Peers;

namespace OrleansStore.Service.Status;

/// <summary>What one datacenter knows of the store.</summary>
/// <param name="Datacenter">The name of the datacenter that answers.</param>
/// <param name="StoreId">The store; <see cref="StoreId.None"/> before it is formed.</param>
/// <param name="Epoch">The version of the topology.</param>
/// <param name="Datacenters">The datacenters of the topology.</param>
/// <param name="Links">The links of this datacenter.</param>
/// <param name="Buckets">All buckets, ordered by id; those that sleep show what was last known.</param>
public sealed record StoreStatus(
    string Datacenter,
    StoreId StoreId,
    Epoch Epoch,
    ImmutableArray<DatacenterStatus> Datacenters,
    ImmutableArray<LinkStatus> Links,
    ImmutableArray<BucketStatus> Buckets);
