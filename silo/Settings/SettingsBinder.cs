using System.Net;
using Microsoft.Extensions.Logging;
using OrleansStore.Datacenters.Links;
using OrleansStore.Embedded;
using OrleansStore.Placement;

namespace OrleansStore.Silo.Settings;

/// <summary>Turns texts into options, and collects every mistake on the way.</summary>
internal sealed class SettingsBinder
{
    private const string DefaultData = "data";
    private const int DefaultHttpPort = 5101;
    private const int DefaultPeerPort = 5201;
    private static readonly string[] DefaultNames = ["dc1", "dc2", "dc3"];

    private static readonly SettingDefinition[] OnlyForOne = [SettingDefinitions.Http, SettingDefinitions.Peer, SettingDefinitions.Peers];
    private static readonly SettingDefinition[] OnlyForThree = [SettingDefinitions.HttpPort, SettingDefinitions.PeerPort];

    private readonly RawSettings _raw;
    private readonly ValueReader _values;
    private readonly string _data;
    private readonly int? _buckets;
    private readonly string? _primary;
    private readonly PeerSecurityOptions _security;

    /// <summary>Reads what all datacenters of the process share.</summary>
    /// <param name="raw">The texts; takes the mistakes.</param>
    public SettingsBinder(RawSettings raw)
    {
        _raw = raw;
        _values = new ValueReader(raw);
        _data = _values.Text(SettingDefinitions.Data) ?? DefaultData;
        _buckets = _values.Number(SettingDefinitions.Buckets);
        _primary = _values.Text(SettingDefinitions.Primary);
        _security = new PeerSecurityOptions
        {
            CertificatePath = _values.Text(SettingDefinitions.PeerCertificate),
            KeyPath = _values.Text(SettingDefinitions.PeerKey),
            AuthorityPath = _values.Text(SettingDefinitions.PeerAuthority),
            InsecurePeers = _values.Switch(SettingDefinitions.InsecurePeers),
        };
    }

    /// <summary>Reads the rest.</summary>
    /// <returns>To be used only if no mistakes were added.</returns>
    public SiloSettings Bind()
    {
        RequirePresent(SettingDefinitions.Engine, "embedded", planned: "orleans", "This build has no Orleans engine yet");
        RequirePresent(SettingDefinitions.Storage, "files", planned: "postgres", "This build has no PostgreSQL storage yet");
        var level = _values.OneOf<LogLevel>(SettingDefinitions.LogLevel) ?? LogLevel.Information;
        var datacenters = _raw.Find(SettingDefinitions.Datacenter) is { } name ? BindOne(name) : BindThree();
        CheckTogether(datacenters[0].Engine);
        return new SiloSettings(datacenters, level);
    }

    private List<DatacenterSettings> BindThree()
    {
        Refuse(OnlyForOne, $"belongs to {SettingDefinitions.Datacenter.Flag}, which is not given");
        var count = DefaultNames.Length;
        var http = _values.FirstPort(SettingDefinitions.HttpPort, count, min: 0) ?? DefaultHttpPort;
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

    private List<DatacenterSettings> BindOne(SettingValue name)
    {
        Refuse(OnlyForThree, $"belongs to three datacenters in one process, but {name} asks for one");
        Require(SettingDefinitions.Http, name);
        Require(SettingDefinitions.Peers, name);
        var peers = _values.Peers(SettingDefinitions.Peers);
        var http = _values.Address(SettingDefinitions.Http) ?? new IPEndPoint(IPAddress.Loopback, 0);
        return [Create(name.Text, peers, _values.Endpoint(SettingDefinitions.Peer), http)];
    }

    private DatacenterSettings Create(string name, IReadOnlyDictionary<string, PeerEndpoint> peers, PeerEndpoint? listen, IPEndPoint http)
    {
        var engine = new EmbeddedOptions
        {
            Datacenter = name,
            Peers = peers,
            Listen = listen,
            DataDirectory = _data,
            BucketCount = _buckets,
            Primary = _primary,
            Security = _security,
        };
        return new DatacenterSettings(engine, http);
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

    private void RequirePresent(SettingDefinition definition, string present, string planned, string refusal)
    {
        if (_raw.Find(definition) is not { } value || value.Text == present)
        {
            return;
        }

        _raw.Mistakes.Add(value.Text == planned ? $"{refusal}: {value} must be {present}." : $"{value} is not right: it must be {present}.");
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
