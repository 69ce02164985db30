using OrleansStore.Placement;

namespace OrleansStore.Datacenters.Identity;

/// <summary>Compares the topology that a store was created with to what the settings of a later start say.</summary>
internal static class TopologyComparison
{
    /// <summary>Says what differs, one phrase with both values per fact; empty if nothing does.</summary>
    public static IReadOnlyList<string> Differences(Topology stored, Topology configured)
    {
        List<string> differences = [];
        Compare("bucket count", stored.BucketCount.ToString(), configured.BucketCount.ToString());
        Compare("primary datacenter", Primary(stored), Primary(configured));
        Compare("replication factor", $"{stored.Goal.ReplicationFactor}", $"{configured.Goal.ReplicationFactor}");
        Compare("datacenters", Datacenters(stored), Datacenters(configured));
        return differences;

        void Compare(string fact, string created, string setting)
        {
            if (created != setting)
            {
                differences.Add($"{fact} differs: the store has {created}, the settings say {setting}");
            }
        }
    }

    private static string Primary(Topology topology) => topology.Find(topology.Goal.PrimaryDatacenter)?.Name ?? "none (by the ring)";

    private static string Datacenters(Topology topology) =>
        string.Join(' ', topology.Datacenters.Select(datacenter => $"{datacenter.Name}={datacenter.Id}{(datacenter.Weight == 1 ? string.Empty : $" (weight {datacenter.Weight})")}"));
}
