using System.Collections.Immutable;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Consensus;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Routing;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <content>What is known here, answered from memory: asking wakes nothing.</content>
public sealed partial class BucketSilo : IStoreStatusSource
{
    // What storage held when it was opened, for buckets that have slept ever since.
    private readonly Dictionary<BucketId, BucketSummary> _stored = [];

    /// <inheritdoc/>
    public StoreId StoreId => _storage?.Identity.StoreId ?? StoreId.None;

    /// <inheritdoc/>
    public string? NotReadyReason
    {
        get
        {
            if (_storage is not { } storage)
            {
                return "The storage of this datacenter is not open yet.";
            }

            return _isStopping ? "This datacenter is being stopped." : storage.Failure?.Message ?? storage.Impediment;
        }
    }

    /// <inheritdoc/>
    public ImmutableArray<LinkStatus> Links() => [.. _environment.Links.Status()];

    /// <inheritdoc/>
    public LocalReplicaStatus? FindReplica(BucketId bucket)
    {
        if (!Placement.DatacentersOf(bucket).Contains(Local) || !Gate.IsHere(bucket))
        {
            return null;
        }

        if (!_hosts.TryGetValue(bucket, out var host) || host.LastStatus is not { } status)
        {
            var stored = _stored.GetValueOrDefault(bucket);
            var state = host?.State == HostState.Failed ? "failed" : "hibernated";
            return new LocalReplicaStatus(DatacenterId.None, stored.HardState.Term, stored.HardState.Commit, LogIndex.None, state);
        }

        var isActive = host.State == HostState.Active;
        return new LocalReplicaStatus(
            isActive ? new DatacenterId(status.Leader.Datacenter) : DatacenterId.None,
            status.Term,
            status.Commit,
            isActive ? status.Applied : LogIndex.None,
            host.State == HostState.Failed ? "failed" : isActive ? Describe(status) : "hibernated");
    }

    /// <summary>Counts the local replicas by state, those of buckets that were never used among the sleeping ones.</summary>
    private Dictionary<string, int> CountReplicas()
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal) { ["leader"] = 0, ["follower"] = 0, ["candidate"] = 0, ["hibernated"] = 0, ["failed"] = 0 };
        for (uint number = 0; number < (uint)Placement.Topology.BucketCount.Value; number++)
        {
            if (FindReplica(new BucketId(number)) is { } replica)
            {
                counts[replica.State]++;
            }
        }

        return counts;
    }

    private static string Describe(ReplicaStatus status) => status.Role switch
    {
        RaftRole.Leader => "leader",
        RaftRole.Follower => "follower",
        _ => "candidate",
    };
}
