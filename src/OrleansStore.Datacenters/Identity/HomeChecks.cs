using OrleansStore.Placement;

namespace OrleansStore.Datacenters.Identity;

/// <summary>What must fit before a home is used: its parts with each other, and its store with the settings.</summary>
internal static class HomeChecks
{
    public static void RequireConsistent(IFormationHome home, FormationRecord? record, Topology configured, DatacenterId datacenter)
    {
        RequirePartsFit(home, record);
        if (record is null)
        {
            return;
        }

        var (stored, wanted) = (record.Topology.Find(record.Datacenter)!, configured.Find(datacenter)!);
        if (record.Datacenter != datacenter || stored.Name != wanted.Name)
        {
            throw Mismatch($"{home.RecordPath} belongs to datacenter {stored.Name} ({record.Datacenter}), the settings say {wanted.Name} ({datacenter}).");
        }

        if (record.Phase != FormationPhase.Empty && TopologyComparison.Differences(record.Topology, configured) is { Count: > 0 } differences)
        {
            throw Mismatch($"These facts were fixed when the store was created: {string.Join("; ", differences)}.");
        }
    }

    private static void RequirePartsFit(IFormationHome home, FormationRecord? record)
    {
        var path = home.RecordPath;
        if (home.Identity is not { } identity)
        {
            if (record?.IsSetUp == true)
            {
                // Without identity and log it has forgotten votes and entries that it acknowledged under this incarnation.
                throw new CorruptionException(
                    path, 0, $"the data of store {record.StoreId} beside it",
                    $"none; if the data is lost, {home.HowToStartAnew}, and the datacenter joins anew");
            }

            return;
        }

        if (record is null || record.Phase is not (FormationPhase.Member or FormationPhase.Joining))
        {
            throw new CorruptionException(
                path, 0, $"the formation record of store {identity.StoreId}", record is null ? "none" : $"a record of phase {record.Phase}");
        }

        var own = record.ToIdentity();
        if (identity.StoreId != own.StoreId || identity.Incarnation != own.Incarnation || identity.Datacenter != own.Name)
        {
            throw new CorruptionException(
                path, 0, $"store {identity.StoreId}, incarnation {identity.Incarnation}, datacenter {identity.Datacenter}",
                $"{own.StoreId}, {own.Incarnation}, {own.Name}");
        }
    }

    private static StoreException Mismatch(string message) => new(ErrorCode.IdentityMismatch, message);
}
