using System.Net;
using OrleansStore.Datacenters;
using OrleansStore.Datacenters.Links;

namespace OrleansStore.Silo.Settings;

/// <summary>Turns texts into the settings of the Orleans engine.</summary>
/// <param name="raw">The texts; takes the mistakes.</param>
/// <param name="facts">What all datacenters share.</param>
internal sealed class OrleansBinder(RawSettings raw, StoreFacts facts)
{
    private const int DefaultSiloPort = 5301;
    private const int DefaultGatewayPort = 5201;

    private readonly ValueReader _values = new(raw);

    /// <summary>Clusters of one silo each, all in this process, on loopback.</summary>
    /// <param name="names">Their names, in the order of their ports.</param>
    /// <param name="firstHttp">The first HTTP port; 0 for any free ones.</param>
    public List<DatacenterSettings> BindAll(IReadOnlyList<string> names, int firstHttp)
    {
        var silo = _values.FirstPort(SettingDefinitions.SiloPort, names.Count, min: 1) ?? DefaultSiloPort;
        var gateway = _values.FirstPort(SettingDefinitions.GatewayPort, names.Count, min: 1) ?? DefaultGatewayPort;
        RequireApart(names.Count, ("HTTP", firstHttp), ("silo", silo), ("gateway", gateway));
        var gateways = names.Select((name, i) => KeyValuePair.Create(name, new PeerEndpoint(IPAddress.Loopback.ToString(), gateway + i))).ToList();
        return
        [
            .. names.Select((name, i) => Create(
                name,
                new IPEndPoint(IPAddress.Loopback, firstHttp == 0 ? 0 : firstHttp + i),
                IPAddress.Loopback,
                silo + i,
                gateway + i,
                gateways.Where(other => other.Key != name).ToDictionary(other => other.Key, IReadOnlyList<PeerEndpoint> (other) => [other.Value]),
                ClusteringKind.Localhost)),
        ];
    }

    /// <summary>One silo of one cluster.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="http">Where it serves HTTP.</param>
    public DatacenterSettings BindOne(string name, IPEndPoint http)
    {
        var silo = _values.FirstPort(SettingDefinitions.SiloPort, 1, min: 1) ?? DefaultSiloPort;
        var gateway = _values.FirstPort(SettingDefinitions.GatewayPort, 1, min: 1) ?? DefaultGatewayPort;
        RequireApart(1, ("HTTP", http.Port), ("silo", silo), ("gateway", gateway));
        var clustering = _values.OneOf<ClusteringKind>(SettingDefinitions.Clustering) ?? ClusteringKind.Localhost;
        if (clustering == ClusteringKind.Postgres && facts.Postgres is null)
        {
            raw.Mistakes.Add($"{raw.Find(SettingDefinitions.Clustering)} needs {SettingDefinitions.Storage.Flag} postgres: files belong to one silo, several share a database.");
        }

        return Create(name, http, _values.IpAddress(SettingDefinitions.Advertise) ?? IPAddress.Loopback, silo, gateway, _values.Gateways(SettingDefinitions.Remotes), clustering);
    }

    private OrleansSettings Create(
        string name, IPEndPoint http, IPAddress address, int silo, int gateway, IReadOnlyDictionary<string, IReadOnlyList<PeerEndpoint>> remotes, ClusteringKind clustering)
    {
        // The same rules as on every engine, in their own words; the engine repeats them, with its own, when it starts.
        var rules = new DatacenterOptions
        {
            Datacenter = name,
            Datacenters = [.. remotes.Keys.Where(remote => remote != name), name],
            DataDirectory = facts.DataDirectory,
            Postgres = facts.Postgres,
            BucketCount = facts.BucketCount,
            Primary = facts.Primary,
        };
        var endpoints = remotes.Values.SelectMany(static gateways => gateways).Append(new PeerEndpoint(address.ToString(), gateway));
        foreach (var mistake in rules.Validate().Concat(facts.Security.FindErrors(endpoints)).Where(mistake => !raw.Mistakes.Contains(mistake)))
        {
            raw.Mistakes.Add(mistake);
        }

        if (remotes.ContainsKey(name))
        {
            raw.Mistakes.Add($"{SettingDefinitions.Remotes.Flag} must not name this datacenter, {name}.");
        }

        return new OrleansSettings(name, http)
        {
            Address = address,
            SiloPort = silo,
            GatewayPort = gateway,
            Remotes = remotes,
            Clustering = clustering,
            DataDirectory = facts.DataDirectory,
            Postgres = facts.Postgres,
            BucketCount = facts.BucketCount,
            Primary = facts.Primary,
            Security = facts.Security,
        };
    }

    private void RequireApart(int count, params ReadOnlySpan<(string Name, int First)> ranges)
    {
        for (var i = 0; i < ranges.Length; i++)
        {
            for (var j = i + 1; j < ranges.Length; j++)
            {
                var (one, other) = (ranges[i], ranges[j]);
                if (one.First > 0 && other.First > 0 && Math.Abs(one.First - other.First) < count)
                {
                    raw.Mistakes.Add(count == 1
                        ? $"The {one.Name} port and the {other.Name} port are both {one.First}."
                        : $"The {one.Name} ports {one.First} to {one.First + count - 1} and the {other.Name} ports {other.First} to {other.First + count - 1} overlap.");
                }
            }
        }
    }
}
