using OrleansStore.Placement;
using OrleansStore.Service.Replicas;
using OrleansStore.Service.Routing;
using OrleansStore.Service.Routing.Access;

namespace OrleansStore.Simulation;

/// <summary>Puts the real router in front of the buckets of a simulated process.</summary>
internal static class SimStores
{
    public static StoreRouter Create(SimCluster cluster, BucketSilo silo, TimeProvider time) => new StoreRouter(
        silo, new FixedTopologySource(cluster.Placement.Topology), new AllowAllAuthorizer(), silo, time, cluster.World.Random.Fork(), cluster.Faults.Router);
}
