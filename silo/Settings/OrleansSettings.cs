using System.Net;
using OrleansStore.Datacenters.Links;

namespace OrleansStore.Silo.Settings;

/// <summary>A datacenter on the Orleans engine: one silo. Names nothing of that engine, so that both flavours of the program read the same settings.</summary>
/// <param name="Datacenter">Its name.</param>
/// <param name="Http">Where it serves HTTP.</param>
internal sealed record OrleansSettings(string Datacenter, IPEndPoint Http) : DatacenterSettings(Datacenter, Http)
{
    /// <summary>Where the silo listens, and by which address others know it.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Where other silos of the cluster connect.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Where clients and other datacenters connect.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The gateways of the other datacenters.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<PeerEndpoint>> Remotes { get; init; }

    /// <summary>How the silos of the datacenter find each other.</summary>
    public required ClusteringKind Clustering { get; init; }

    /// <summary>The folder that holds a folder per datacenter.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>The connection string of the database that holds the data instead; null for files.</summary>
    public string? Postgres { get; init; }

    /// <summary>How many buckets a new store gets; null for the default.</summary>
    public int? BucketCount { get; init; }

    /// <summary>The primary datacenter of all buckets of a new store; null for the ring.</summary>
    public string? Primary { get; init; }

    /// <summary>Certificates.</summary>
    public required PeerSecurityOptions Security { get; init; }
}
