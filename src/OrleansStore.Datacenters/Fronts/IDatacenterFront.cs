using OrleansStore.Datacenters.Identity;
using OrleansStore.Placement;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Replicas;

namespace OrleansStore.Datacenters.Fronts;

/// <summary>What a datacenter turns towards the others, as one of its processes has it: links, and the store that they have formed.</summary>
internal interface IDatacenterFront : IMemberDirectory, IAsyncDisposable
{
    /// <summary>The datacenter of this process.</summary>
    Datacenter Local { get; }

    /// <summary>The topology of the store; before it is formed, the one that the settings propose.</summary>
    Topology Topology { get; }

    /// <summary>The store; <see cref="StoreId.None"/> before there is one.</summary>
    StoreId StoreId { get; }

    /// <summary>Completes when there is a store and the home is set up for it. Fails where there never will be one.</summary>
    Task<PeerIdentity> Formed { get; }

    /// <summary>What the formation waits for, in words; empty once there is a store.</summary>
    string WaitsFor { get; }

    /// <summary>The links.</summary>
    IPeerLinks Links { get; }

    /// <summary>Completes when the front was disposed of; fails where it cannot go on.</summary>
    Task Completion { get; }

    /// <summary>Begins to connect.</summary>
    /// <param name="buckets">Take what arrives.</param>
    void Start(BucketSilo buckets);

    /// <summary>Whether the home was empty when the others had a store, and no process of this datacenter has found all its replicas to vote yet.</summary>
    bool IsJoining { get; }

    /// <summary>Tells that all replicas of the datacenter have been taken in.</summary>
    Task CompleteJoinAsync();
}
