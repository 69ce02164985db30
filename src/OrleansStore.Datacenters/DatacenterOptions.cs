using OrleansStore.Datacenters.Links;
using OrleansStore.Service.Replicas;
using OrleansStore.Service.Routing;
using OrleansStore.Storage;
using OrleansStore.Storage.Postgres;

namespace OrleansStore.Datacenters;

/// <summary>How one datacenter runs, whatever the engine.</summary>
public sealed class DatacenterOptions
{
    /// <summary>The name of this datacenter; one of <see cref="Datacenters"/>.</summary>
    public required string Datacenter { get; init; }

    /// <summary>The names of all datacenters, this one included. The first in ordinal order mints the store's id.</summary>
    public required IReadOnlyCollection<string> Datacenters { get; init; }

    /// <summary>The folder that holds a folder per datacenter.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The connection string of the PostgreSQL database that holds the data instead of a folder, with <c>{datacenter}</c> for the name of the datacenter; null for files.</summary>
    public string? Postgres { get; init; }

    /// <summary>How many buckets a new store gets; null for 64, or for what an existing store has. An existing store with another count is refused.</summary>
    public int? BucketCount { get; init; }

    /// <summary>The datacenter in which all buckets of a new store have their primary; null for the ring, or for what an existing store has. An existing store with another one is refused.</summary>
    public string? Primary { get; init; }

    /// <summary>Times and bounds of the links.</summary>
    public LinkOptions Links { get; init; } = new();

    /// <summary>Times and bounds of the storage.</summary>
    public StorageOptions Storage { get; init; } = new();

    /// <summary>Times and bounds of the buckets.</summary>
    public SiloOptions Buckets { get; init; } = new();

    /// <summary>Times and bounds of the router.</summary>
    public RouterOptions Router { get; init; } = new();

    /// <summary>Returns all mistakes, each with the values that make it one; none if the options can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> mistakes = [];
        var names = string.Join(", ", Datacenters.Order(StringComparer.Ordinal));
        if (!Datacenters.Contains(Datacenter))
        {
            mistakes.Add($"The peers ({names}) must name this datacenter, {Datacenter}.");
        }

        if (Primary is { } primary && !Datacenters.Contains(primary))
        {
            mistakes.Add($"The primary datacenter {primary} must be one of the peers ({names}).");
        }

        if (BucketCount is { } count && !Placement.BucketCount.TryCreate(count, out _))
        {
            mistakes.Add($"The bucket count {count} must be a power of two in [{Placement.BucketCount.Min}, {Placement.BucketCount.Max}].");
        }

        if (Postgres is { } text && PostgresConnectionText.FindMistake(PostgresConnectionText.For(text, Datacenter)) is { } mistake)
        {
            mistakes.Add($"The PostgreSQL connection string is not right: {mistake}.");
        }

        mistakes.AddRange(Buckets.Validate());
        mistakes.AddRange(Router.Validate());
        return mistakes;
    }
}
