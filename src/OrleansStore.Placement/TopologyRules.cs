using System.Collections.Immutable;

namespace OrleansStore.Placement;

/// <summary>What a topology must satisfy. Every rule that is broken is reported, with the value that breaks it.</summary>
internal static class TopologyRules
{
    /// <summary>Checks a draft by itself.</summary>
    public static ImmutableArray<string> Check(TopologyDraft draft)
    {
        var errors = ImmutableArray.CreateBuilder<string>();
        if (!BucketCount.TryCreate(draft.BucketCount, out _))
        {
            errors.Add($"BucketCount={draft.BucketCount} must be a power of two in [{BucketCount.Min}, {BucketCount.Max}].");
        }

        if (draft.ReplicationFactor is < 1 or > Topology.MaxReplicationFactor)
        {
            errors.Add($"ReplicationFactor={draft.ReplicationFactor} must be in [1, {Topology.MaxReplicationFactor}].");
        }

        var datacenters = draft.Datacenters.IsDefault ? [] : draft.Datacenters;
        if (datacenters.Length is < 1 or > Topology.MaxDatacenters)
        {
            errors.Add($"There are {datacenters.Length} datacenters, but there must be 1 to {Topology.MaxDatacenters}.");
        }

        CheckDatacenters(datacenters, errors);
        if (draft.PrimaryDatacenter != DatacenterId.None && !datacenters.Any(datacenter => datacenter.Id == draft.PrimaryDatacenter))
        {
            errors.Add($"PrimaryDatacenter={draft.PrimaryDatacenter} is none of the datacenters ({string.Join(", ", datacenters.Select(datacenter => datacenter.Id))}).");
        }

        return errors.ToImmutable();
    }

    /// <summary>Checks a draft as what is to replace <paramref name="current"/>.</summary>
    public static ImmutableArray<string> CheckSuccessor(Topology current, TopologyDraft draft)
    {
        var errors = Check(draft).ToBuilder();
        if (draft.BucketCount != current.BucketCount.Value)
        {
            errors.Add($"BucketCount={draft.BucketCount} cannot replace {current.BucketCount}: it is fixed when the store is created.");
        }

        foreach (var datacenter in draft.Datacenters.IsDefault ? [] : draft.Datacenters)
        {
            var known = current.Find(datacenter.Id);
            if (known is null && datacenter.Id <= current.LastDatacenter)
            {
                errors.Add($"Datacenter {datacenter.Id} ({datacenter.Name}) needs a number above {current.LastDatacenter}: lower ones were given before.");
            }
            else if (known is not null && known.Name != datacenter.Name)
            {
                errors.Add($"Datacenter {datacenter.Id} is named {known.Name} and cannot become {datacenter.Name}: certificates and folders carry the name.");
            }
        }

        return errors.ToImmutable();
    }

    private static void CheckDatacenters(ImmutableArray<Datacenter> datacenters, ImmutableArray<string>.Builder errors)
    {
        var ids = new HashSet<DatacenterId>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (id, name, weight) in datacenters)
        {
            if (id == DatacenterId.None)
            {
                errors.Add($"Datacenter {name} has the number 0, which means none.");
            }
            else if (!ids.Add(id))
            {
                errors.Add($"The number {id} is given to two datacenters.");
            }

            if (!IsName(name))
            {
                errors.Add($"Datacenter {id} is named '{name}'; a name is 1 to {Datacenter.MaxNameLength} ASCII letters, digits, - and _, first a letter or digit.");
            }
            else if (!names.Add(name))
            {
                errors.Add($"The name {name} is given to two datacenters (names are compared regardless of case).");
            }

            if (weight is < 1 or > Datacenter.MaxWeight)
            {
                errors.Add($"Datacenter {id} ({name}) has weight {weight}, but it must be in [1, {Datacenter.MaxWeight}].");
            }
        }
    }

    private static bool IsName(string? name) =>
        name is { Length: >= 1 and <= Datacenter.MaxNameLength } &&
        char.IsAsciiLetterOrDigit(name[0]) &&
        name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');
}
