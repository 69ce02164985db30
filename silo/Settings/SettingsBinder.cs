using System.Net;
using Microsoft.Extensions.Logging;
using OrleansStore.Datacenters.Links;
using OrleansStore.Embedded;
using OrleansStore.Placement;
using OrleansStore.Silo.Engines;
using OrleansStore.Storage.Postgres;

namespace OrleansStore.Silo.Settings;

/// <summary>Turns texts into options, and collects every mistake on the way.</summary>
internal sealed class SettingsBinder
{
    private const string DefaultData = "data";
    private const int DefaultHttpPort = 5101;
    private const int DefaultPeerPort = 5201;
    private static readonly string[] DefaultNames = ["dc1", "dc2", "dc3"];

    private static readonly SettingDefinition[] OnlyForOne =
        [SettingDefinitions.Http, SettingDefinitions.Peer, SettingDefinitions.Peers, SettingDefinitions.Advertise, SettingDefinitions.Remotes, SettingDefinitions.Clustering];

    private static readonly SettingDefinition[] OnlyForThree = [SettingDefinitions.HttpPort, SettingDefinitions.PeerPort];
    private static readonly SettingDefinition[] OnlyForEmbedded = [SettingDefinitions.Peer, SettingDefinitions.Peers, SettingDefinitions.PeerPort];

    private static readonly SettingDefinition[] OnlyForOrleans =
        [SettingDefinitions.SiloPort, SettingDefinitions.GatewayPort, SettingDefinitions.Advertise, SettingDefinitions.Remotes, SettingDefinitions.Clustering];

    private readonly RawSettings _raw;
    private readonly ValueReader _values;
    private readonly StoreFacts _facts;

    /// <summary>Reads what all datacenters of the process share.</summary>
    /// <param name="raw">The texts; takes the mistakes.</param>
    public SettingsBinder(RawSettings raw)
    {
        _raw = raw;
        _values = new ValueReader(raw);
        _facts = new StoreFacts(
            _values.Text(SettingDefinitions.Data) ?? DefaultData,
            _values.Number(SettingDefinitions.Buckets),
            _values.Text(SettingDefinitions.Primary),
            new PeerSecurityOptions
            {
                CertificatePath = _values.Text(SettingDefinitions.PeerCertificate),
                KeyPath = _values.Text(SettingDefinitions.PeerKey),
                AuthorityPath = _values.Text(SettingDefinitions.PeerAuthority),
                InsecurePeers = _values.Switch(SettingDefinitions.InsecurePeers),
            },
            ReadPostgres());
    }

    /// <summary>Reads the rest.</summary>
    /// <returns>To be used only if no mistakes were added.</returns>
    public SiloSettings Bind()
    {
        var isOrleans = IsOrleans();
        var level = _values.OneOf<LogLevel>(SettingDefinitions.LogLevel) ?? LogLevel.Information;
        Refuse(isOrleans ? OnlyForEmbedded : OnlyForOrleans, $"belongs to the {(isOrleans ? "embedded" : "Orleans")} engine, but the engine is {(isOrleans ? "orleans" : "embedded")}");
        var datacenters = _raw.Find(SettingDefinitions.Datacenter) is { } name ? BindOne(name, isOrleans) : BindThree(isOrleans);
        if (datacenters[0] is EmbeddedSettings embedded)
        {
            CheckTogether(embedded.Engine);
        }

        return new SiloSettings(datacenters, level);
    }

    /// <summary>Reads where the data are kept.</summary>
    /// <returns>The connection string; null for files.</returns>
    private string? ReadPostgres()
    {
        var isPostgres = _values.OneOf<StorageKind>(SettingDefinitions.Storage) == StorageKind.Postgres;
        var text = _values.Text(SettingDefinitions.Postgres);
        if (isPostgres && text is null)
        {
            _raw.Mistakes.Add($"{_raw.Find(SettingDefinitions.Storage)} needs {SettingDefinitions.Postgres.Flag} {SettingDefinitions.Postgres.Placeholder}.");
        }
        else if (!isPostgres && text is not null)
        {
            // Not the value: there may be a password in it.
            _raw.Mistakes.Add($"{_raw.Find(SettingDefinitions.Postgres)?.Source} belongs to {SettingDefinitions.Storage.Flag} postgres, which is not given.");
        }

        return isPostgres ? text : null;
    }

    private bool IsOrleans()
    {
        if (_raw.Find(SettingDefinitions.Engine) is not { } value || value.Text == "embedded")
        {
            return false;
        }

        if (value.Text != "orleans")
        {
            _raw.Mistakes.Add($"{value} is not right: it must be embedded or orleans.");
            return false;
        }

        if (EngineStart.OrleansIsMissing is { } reason)
        {
            _raw.Mistakes.Add($"{reason}.");
        }

        return true;
    }

    private List<DatacenterSettings> BindThree(bool isOrleans)
    {
        if (_facts.Postgres is { } postgres && !postgres.Contains(PostgresConnectionText.DatacenterPlaceholder, StringComparison.Ordinal))
        {
            _raw.Mistakes.Add($"Three datacenters in one process need a database each: {SettingDefinitions.Postgres.Flag} must hold {PostgresConnectionText.DatacenterPlaceholder}, which stands for dc1, dc2 and dc3.");
        }

        Refuse(OnlyForOne, $"belongs to {SettingDefinitions.Datacenter.Flag}, which is not given");
        var count = DefaultNames.Length;
        var http = _values.FirstPort(SettingDefinitions.HttpPort, count, min: 0) ?? DefaultHttpPort;
        if (isOrleans)
        {
            return new OrleansBinder(_raw, _facts).BindAll(DefaultNames, http);
        }

        var peer = _values.FirstPort(SettingDefinitions.PeerPort, count, min: 1) ?? DefaultPeerPort;
        if (http > 0 && Math.Abs(http - peer) < count)
        {
            _raw.Mistakes.Add($"The HTTP ports {http} to {http + count - 1} and the peer ports {peer} to {peer + count - 1} overlap.");
        }

        var peers = new Dictionary<string, PeerEndpoint>();
        foreach (var name in DefaultNames)
        {
            peers.Add(name, new PeerEndpoint(IPAddress.Loopback.ToString(), peer + peers.Count));
        }

        return [.. DefaultNames.Select((name, i) => Create(name, peers, listen: null, new IPEndPoint(IPAddress.Loopback, http == 0 ? 0 : http + i)))];
    }

    private List<DatacenterSettings> BindOne(SettingValue name, bool isOrleans)
    {
        Refuse(OnlyForThree, $"belongs to three datacenters in one process, but {name} asks for one");
        Require(SettingDefinitions.Http, name);
        var http = _values.Address(SettingDefinitions.Http) ?? new IPEndPoint(IPAddress.Loopback, 0);
        if (isOrleans)
        {
            return [new OrleansBinder(_raw, _facts).BindOne(name.Text, http)];
        }

        Require(SettingDefinitions.Peers, name);
        var peers = _values.Peers(SettingDefinitions.Peers);
        return [Create(name.Text, peers, _values.Endpoint(SettingDefinitions.Peer), http)];
    }

    private EmbeddedSettings Create(string name, IReadOnlyDictionary<string, PeerEndpoint> peers, PeerEndpoint? listen, IPEndPoint http)
    {
        var engine = new EmbeddedOptions
        {
            Datacenter = name,
            Peers = peers,
            Listen = listen,
            DataDirectory = _facts.DataDirectory,
            BucketCount = _facts.BucketCount,
            Primary = _facts.Primary,
            Security = _facts.Security,
            Postgres = _facts.Postgres,
        };
        return new EmbeddedSettings(engine, http);
    }

    // The options and the topology know their rules best: what they find is passed on in their words.
    private void CheckTogether(EmbeddedOptions options)
    {
        if (options.Peers.Count == 0)
        {
            return;
        }

        var draft = new TopologyDraft
        {
            Datacenters = [.. options.Peers.Keys.Order(StringComparer.Ordinal).Select((name, i) => new Datacenter(new DatacenterId((ushort)(i + 1)), name))],
        };
        _raw.Mistakes.AddRange(options.Validate().Concat(Topology.Validate(draft)));
    }

    private void Require(SettingDefinition definition, SettingValue because)
    {
        if (_raw.Find(definition) is null)
        {
            _raw.Mistakes.Add($"{because} needs {definition.Flag} {definition.Placeholder}.");
        }
    }

    private void Refuse(IEnumerable<SettingDefinition> definitions, string reason)
    {
        foreach (var definition in definitions)
        {
            if (_raw.Find(definition) is { } value)
            {
                _raw.Mistakes.Add($"{value} {reason}.");
            }
        }
    }
}
