using OrleansStore.Datacenters;
using OrleansStore.Datacenters.Links;
using OrleansStore.Service.Replicas;
using OrleansStore.Service.Routing;
using OrleansStore.Storage;

namespace OrleansStore.Grains.Hosting;

/// <summary>How a silo runs its part of the store.</summary>
public sealed class OrleansStoreOptions
{
    /// <summary>The name of this datacenter: the <c>ClusterId</c> of its silos. At most 63 of <c>a–z 0–9 -</c>.</summary>
    public string Datacenter { get; set; } = "dc1";

    /// <summary>The other datacenters by name, each the <c>ClusterId</c> of its silos, with the gateways of its silos. Empty: the store has one datacenter.</summary>
    public IDictionary<string, IReadOnlyList<PeerEndpoint>> Remotes { get; init; } = new Dictionary<string, IReadOnlyList<PeerEndpoint>>();

    /// <summary>The <c>ServiceId</c> of the other clusters, for their clients. Default <c>orleansstore</c>.</summary>
    public string ServiceId { get; set; } = "orleansstore";

    /// <summary>The folder that holds a folder per datacenter. Default <c>data</c> in the current folder.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>The connection string of the PostgreSQL database that holds the data instead, with <c>{datacenter}</c> for the name of the datacenter; null for files. All silos of a cluster share one
    /// database; on files a cluster has one silo.</summary>
    public string? Postgres { get; set; }

    /// <summary>How many buckets a new store gets; null for 64, or for what an existing store has. An existing store with another count is refused.</summary>
    public int? BucketCount { get; set; }

    /// <summary>The datacenter in which all buckets of a new store have their primary; null for the ring, or for what an existing store has.</summary>
    public string? Primary { get; set; }

    /// <summary>How long a clean stop waits for requests under way. Default 2 s.</summary>
    public TimeSpan StopPatience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Certificates for the connections to other clusters; also those of the silo itself where <see cref="OrleansDatacenter"/> builds it.</summary>
    public PeerSecurityOptions Security { get; set; } = new();

    /// <summary>The clocks of the store; null for one that counts suspend. Not taken from the container: what the runtime measures with may be another clock.</summary>
    public TimeProvider? Time { get; set; }

    /// <summary>Times and bounds of the links.</summary>
    public LinkOptions Links { get; set; } = new();

    /// <summary>Times and bounds of the storage.</summary>
    public StorageOptions Storage { get; set; } = new();

    /// <summary>Times and bounds of the buckets.</summary>
    public SiloOptions Buckets { get; set; } = new();

    /// <summary>Times and bounds of the router.</summary>
    public RouterOptions Router { get; set; } = new();

    internal bool IsShared => Postgres is not null;

    /// <summary>Returns all mistakes, each with the values that make it one; none if the options can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> mistakes = [];
        if (Remotes.ContainsKey(Datacenter))
        {
            mistakes.Add($"The remote datacenters ({string.Join(", ", Remotes.Keys.Order(StringComparer.Ordinal))}) must not name this one, {Datacenter}.");
        }

        foreach (var (name, gateways) in Remotes)
        {
            if (gateways.Count == 0)
            {
                mistakes.Add($"The remote datacenter {name} needs at least one gateway.");
            }
        }

        if (StopPatience <= TimeSpan.Zero)
        {
            mistakes.Add($"StopPatience = {StopPatience} must be above 0.");
        }

        return [.. mistakes, .. ToDatacenter().Validate(), .. Security.FindErrors(Remotes.Values.SelectMany(static gateways => gateways))];
    }

    internal DatacenterOptions ToDatacenter() => new()
    {
        Datacenter = Datacenter,
        Datacenters = [.. Remotes.Keys, Datacenter],
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
