using OrleansStore.Datacenters;
using OrleansStore.Datacenters.Links;
using OrleansStore.Service.Replicas;
using OrleansStore.Service.Routing;
using OrleansStore.Storage;

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
    public IReadOnlyList<string> Validate() =>
        [.. ToDatacenter().Validate(), .. Security.FindErrors(Listen is { } listen ? Peers.Values.Append(listen) : Peers.Values)];

    internal DatacenterOptions ToDatacenter() => new()
    {
        Datacenter = Datacenter,
        Datacenters = [.. Peers.Keys],
        DataDirectory = DataDirectory,
        Postgres = Postgres,
        BucketCount = BucketCount,
        Primary = Primary,
        Links = Links,
        Storage = Storage,
        Buckets = Buckets,
        Router = Router,
    };
}
