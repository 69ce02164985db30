using System.Collections.Immutable;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Routing;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>An engine that knows nothing of itself.</summary>
internal sealed class NoStatus : IStoreStatusSource
{
    public StoreId StoreId => StoreId.None;

    public string? NotReadyReason => null;

    public ImmutableArray<LinkStatus> Links() => [];

    public LocalReplicaStatus? FindReplica(BucketId bucket) => null;
}
