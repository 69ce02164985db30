using System.Net;

namespace OrleansStore.Grains.Hosting;

/// <summary>How a silo of the store's own runs: the store in it, and where its cluster listens.</summary>
public sealed class OrleansDatacenterOptions
{
    /// <summary>The store in it.</summary>
    public required OrleansStoreOptions Store { get; init; }

    /// <summary>The address that the silo listens at and is known by. Default: loopback.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Where other silos of the cluster connect; in [1, 65535].</summary>
    public required int SiloPort { get; init; }

    /// <summary>Where clients, and other datacenters, connect; in [1, 65535], another one.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>How the silos of the cluster find each other, such as by a table in a database; null where this silo is the only one of its cluster. With more than one they share
    /// <see cref="OrleansStoreOptions.Postgres"/>.</summary>
    public Action<ISiloBuilder>? Clustering { get; init; }

    /// <summary>Returns all mistakes, each with the values that make it one; none if the options can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        List<string> mistakes = [];
        if (SiloPort == GatewayPort)
        {
            mistakes.Add($"The silo port {SiloPort} and the gateway port {GatewayPort} must differ.");
        }

        if (Clustering is not null && Store.Postgres is null)
        {
            mistakes.Add("Several silos of one datacenter need a PostgreSQL database that they share; files belong to one silo.");
        }

        if (!Store.Security.IsTls && !Store.Security.InsecurePeers && !IPAddress.IsLoopback(Address))
        {
            mistakes.Add($"A silo beyond loopback ({Address}) needs mutual TLS: set a certificate, or --insecure-peers.");
        }

        return [.. mistakes, .. Store.Validate()];
    }
}
