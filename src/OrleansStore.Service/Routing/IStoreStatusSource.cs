using System.Collections.Immutable;
using OrleansStore.Service.Peers;

namespace OrleansStore.Service.Routing;

/// <summary>What the engine knows of this datacenter's part of the store: a port of the engine.</summary>
/// <remarks>Every member answers from memory, and none wakes a bucket. Safe for concurrent use.</remarks>
public interface IStoreStatusSource
{
    /// <summary>The store; <see cref="StoreId.None"/> before it is formed.</summary>
    StoreId StoreId { get; }

    /// <summary>Why this datacenter cannot serve yet; null once it can.</summary>
    string? NotReadyReason { get; }

    /// <summary>The links to the other datacenters, ordered by datacenter.</summary>
    ImmutableArray<LinkStatus> Links();

    /// <summary>What is known of the local replica of a bucket, also while it sleeps.</summary>
    /// <param name="bucket">A bucket of the store.</param>
    /// <returns>Null where this datacenter has no replica of it, or another of its processes may have it in memory.</returns>
    LocalReplicaStatus? FindReplica(BucketId bucket);
}
