using System.Collections.Immutable;
using OrleansStore.Embedded.Identity;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Replicas;
using OrleansStore.Service.Routing;

namespace OrleansStore.Embedded;

/// <summary>What a datacenter knows of itself, also before its store is formed.</summary>
internal sealed class EmbeddedStatus(BucketSilo silo, StoreFormation formation) : IStoreStatusSource
{
    public StoreId StoreId => formation.Own.StoreId;

    public string? NotReadyReason => formation.WaitsFor.Length > 0 ? $"The store is not formed: this datacenter waits for {formation.WaitsFor}." : silo.NotReadyReason;

    public ImmutableArray<LinkStatus> Links() => silo.Links();

    public LocalReplicaStatus? FindReplica(BucketId bucket) => silo.FindReplica(bucket);
}
