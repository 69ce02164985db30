using System.Collections.Immutable;
using OrleansStore.Datacenters.Fronts;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Replicas;
using OrleansStore.Service.Routing;

namespace OrleansStore.Datacenters;

/// <summary>What a datacenter knows of itself, also before its store is formed.</summary>
internal sealed class DatacenterStatus(BucketSilo silo, IDatacenterFront front) : IStoreStatusSource
{
    public StoreId StoreId => front.StoreId;

    public string? NotReadyReason => front.WaitsFor.Length > 0 ? $"The store is not formed: {front.WaitsFor}{WhyLinksAreDown()}." : silo.NotReadyReason;

    public ImmutableArray<LinkStatus> Links() => silo.Links();

    public LocalReplicaStatus? FindReplica(BucketId bucket) => silo.FindReplica(bucket);

    // Why a peer says nothing is what an operator asks next: nobody listens there, or its certificate is refused.
    private string WhyLinksAreDown() =>
        string.Concat(Links().Where(link => link.Reason is { Length: > 0 }).Select(link => $"; {front.Topology.Find(link.Peer)?.Name}: {link.Reason!.TrimEnd('.')}"));
}
