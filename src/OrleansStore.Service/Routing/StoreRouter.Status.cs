using System.Collections.Immutable;
using OrleansStore.Placement;
using OrleansStore.Service.Status;

namespace OrleansStore.Service.Routing;

/// <content>What this datacenter knows of the store.</content>
public sealed partial class StoreRouter
{
    /// <inheritdoc/>
    public StoreStatus GetStatus()
    {
        var map = _map;
        var topology = map.Topology;
        var buckets = ImmutableArray.CreateBuilder<BucketStatus>(topology.BucketCount.Value);
        for (uint number = 0; number < topology.BucketCount.Value; number++)
        {
            buckets.Add(StatusOf(map, new BucketId(number)));
        }

        return new StoreStatus(
            Datacenter,
            _status.StoreId,
            topology.Epoch,
            [.. topology.Datacenters.Select(each => new DatacenterStatus(each.Id, each.Name, (uint)each.Weight))],
            _status.Links(),
            buckets.MoveToImmutable());
    }

    private BucketStatus StatusOf(PlacementMap map, BucketId bucket)
    {
        var replicas = map.DatacentersOf(bucket);
        var names = ImmutableArray.CreateBuilder<string>(replicas.Length);
        foreach (var replica in replicas)
        {
            names.Add(NameOf(map, replica)!);
        }

        // Without a replica of its own a datacenter has only the router's belief to go by.
        var local = _status.FindReplica(bucket)
            ?? new LocalReplicaStatus(_hints.Find(bucket), Term.None, LogIndex.None, LogIndex.None, "absent");
        return new BucketStatus(bucket, names[0], NameOf(map, local.Leader), local.Term, local.Commit, local.Applied, local.State, names.MoveToImmutable());
    }

    private static string? NameOf(PlacementMap map, DatacenterId id) => map.Topology.Find(id)?.Name;
}
