using System.Globalization;
using System.Net;
using OrleansStore.Datacenters.Links;

namespace OrleansStore.Silo.Settings;

/// <summary>Reads single values. One that cannot be read is noted as a mistake, with its source and text, and counts as not given.</summary>
/// <param name="raw">The texts; takes the mistakes.</param>
internal sealed class ValueReader(RawSettings raw)
{
    /// <summary>A text that is not empty.</summary>
    public string? Text(SettingDefinition definition) => Read(definition, "must not be empty", text => text.Length > 0 ? text : null);

    /// <summary>A whole number.</summary>
    public int? Number(SettingDefinition definition) => Read(definition, "must be a whole number", text => TryNumber(text, out var number) ? number : (int?)null);

    /// <summary>The first of several adjacent ports.</summary>
    public int? FirstPort(SettingDefinition definition, int count, int min)
    {
        var max = IPEndPoint.MaxPort - count + 1;
        return Read(definition, $"must be a port in [{min}, {max}]", text => TryNumber(text, out var port) && port >= min && port <= max ? port : (int?)null);
    }

    /// <summary>True or false; false where not given.</summary>
    public bool Switch(SettingDefinition definition) => Read(definition, "must be true or false", text => bool.TryParse(text, out var value) ? value : (bool?)null) ?? false;

    /// <summary>One of the names of an enumeration, in any case.</summary>
    public T? OneOf<T>(SettingDefinition definition)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        return Read(
            definition,
            $"must be one of {string.Join(", ", names).ToLowerInvariant()}",
            text => names.Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(text, ignoreCase: true) : (T?)null);
    }

    /// <summary>Where to serve HTTP; port 0 is any free one.</summary>
    public IPEndPoint? Address(SettingDefinition definition) => Read(
        definition,
        "must be ADDRESS:PORT with an IP address or localhost, such as 127.0.0.1:5101 or [::]:5101",
        text => !PeerEndpoint.TryParse(text, out var endpoint) ? null
            : endpoint.Host == "localhost" ? new IPEndPoint(IPAddress.Loopback, endpoint.Port)
            : IPAddress.TryParse(endpoint.Host, out var address) ? new IPEndPoint(address, endpoint.Port)
            : null);

    /// <summary>Where to listen for peers.</summary>
    public PeerEndpoint? Endpoint(SettingDefinition definition) => Read(definition, "must be HOST:PORT with a port in [1, 65535]", ParseEndpoint);

    /// <summary>Names and endpoints, separated by commas.</summary>
    public IReadOnlyDictionary<string, PeerEndpoint> Peers(SettingDefinition definition)
    {
        var peers = new Dictionary<string, PeerEndpoint>();
        foreach (var (name, endpoint) in Pairs(definition))
        {
            if (!peers.TryAdd(name, endpoint))
            {
                raw.Mistakes.Add($"{raw.Find(definition)!.Value.Source} names {name} twice: {peers[name]} and {endpoint}.");
            }
        }

        return peers;
    }

    /// <summary>Names and endpoints, separated by commas; a name may come again with another endpoint.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PeerEndpoint>> Gateways(SettingDefinition definition)
    {
        var gateways = new Dictionary<string, IReadOnlyList<PeerEndpoint>>();
        foreach (var (name, endpoint) in Pairs(definition))
        {
            gateways[name] = [.. gateways.GetValueOrDefault(name) ?? [], endpoint];
        }

        return gateways;
    }

    /// <summary>An address of this machine.</summary>
    public IPAddress? IpAddress(SettingDefinition definition) =>
        Read(definition, "must be an IP address of this machine, such as 10.0.1.1", text => IPAddress.TryParse(text, out var address) && !IPAddress.Any.Equals(address) && !IPAddress.IPv6Any.Equals(address) ? address : null);

    private IEnumerable<KeyValuePair<string, PeerEndpoint>> Pairs(SettingDefinition definition)
    {
        if (raw.Find(definition) is not { } value)
        {
            yield break;
        }

        foreach (var part in value.Text.Split(',', StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && ParseEndpoint(part[(equals + 1)..]) is { } endpoint)
            {
                yield return KeyValuePair.Create(part[..equals], endpoint);
            }
            else
            {
                raw.Mistakes.Add($"{value.Source} has the part \"{part}\"; each must be NAME=HOST:PORT with a port in [1, 65535].");
            }
        }
    }

    private static PeerEndpoint? ParseEndpoint(string text) => PeerEndpoint.TryParse(text, out var endpoint) && endpoint.Port > 0 ? endpoint : null;

    private static bool TryNumber(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private T? Read<T>(SettingDefinition definition, string rule, Func<string, T?> parse)
    {
        if (raw.Find(definition) is not { } value)
        {
            return default;
        }

        var result = parse(value.Text);
        if (result is null)
        {
            raw.Mistakes.Add($"{value} is not right: it {rule}.");
        }

        return result;
    }
}
