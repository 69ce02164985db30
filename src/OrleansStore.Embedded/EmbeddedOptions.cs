using OrleansStore.Embedded.Links;
using OrleansStore.Service.Replicas;
using OrleansStore.Service.Routing;
using OrleansStore.Storage;
using OrleansStore.Storage.Postgres;

namespace OrleansStore.Embedded;

/// <summary>How one datacenter runs on the embedded engine.</summary>
public sealed class EmbeddedOptions
{
    /// <summary>The name of this datacenter; one of <see cref="Peers"/>.</summary>
    public required string Datacenter { get; init; }

    /// <summary>All datacenters by name, this one included, with the endpoints at which their peers reach them. The first in ordinal order of names mints the store's id.</summary>
    public required IReadOnlyDictionary<string, PeerEndpoint> Peers { get; init; }

    /// <summary>Where this datacenter listens for peers; null for its own entry in <see cref="Peers"/>.</summary>
    public PeerEndpoint? Listen { get; init; }

    /// <summary>The folder that holds a folder per datacenter.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The connection string of a PostgreSQL database that takes the folder's place; <c>{datacenter}</c> in it stands for <see cref="Datacenter"/>, so that one text can mean a
    /// database for each. Null for files. Its login is a member of <c>orleansstore_runtime</c>, and the schema was applied before.</summary>
    public string? Postgres { get; init; }

    /// <summary>How many buckets a new store gets; null for 64, or for what an existing store has. An existing store with another count is refused.</summary>
    public int? BucketCount { get; init; }

    /// <summary>The datacenter in which all buckets of a new store have their primary; null for the ring, or for what an existing store has. An existing store with another one is refused.</summary>
    public string? Primary { get; init; }

    /// <summary>Certificates for the peer connections.</summary>
    public PeerSecurityOptions Security { get; init; } = new();

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
        if (!Peers.ContainsKey(Datacenter))
        {
            mistakes.Add($"The peers ({string.Join(", ", Peers.Keys.Order(StringComparer.Ordinal))}) must name this datacenter, {Datacenter}.");
        }

        if (Primary is { } primary && !Peers.ContainsKey(primary))
        {
            mistakes.Add($"The primary datacenter {primary} must be one of the peers ({string.Join(", ", Peers.Keys.Order(StringComparer.Ordinal))}).");
        }

        if (BucketCount is { } count && !Placement.BucketCount.TryCreate(count, out _))
        {
            mistakes.Add($"The bucket count {count} must be a power of two in [{Placement.BucketCount.Min}, {Placement.BucketCount.Max}].");
        }

        if (Postgres is { } text && PostgresConnectionText.FindMistake(PostgresConnectionText.For(text, Datacenter)) is { } mistake)
        {
            mistakes.Add($"The PostgreSQL connection string is not right: {mistake}.");
        }

        mistakes.AddRange(Security.FindErrors(Listen is { } listen ? Peers.Values.Append(listen) : Peers.Values));
        mistakes.AddRange(Buckets.Validate());
        mistakes.AddRange(Router.Validate());
        return mistakes;
    }
}
