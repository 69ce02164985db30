using System.Globalization;
using System.Net;

namespace OrleansStore.Datacenters.Links;

/// <summary>Where a datacenter's peer port can be reached.</summary>
/// <param name="Host">An address or a DNS name.</param>
/// <param name="Port">In [0, 65535]; 0 only to listen, and means any free port.</param>
public readonly record struct PeerEndpoint(string Host, int Port)
{
    /// <summary>Whether the endpoint cannot be reached from another machine. A DNS name other than <c>localhost</c> is never taken to be loopback: what it
    /// resolves
    /// to can change.</summary>
    public bool IsLoopback => Host == "localhost" || (IPAddress.TryParse(Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Reads <c>host:port</c> or <c>[v6]:port</c>.</summary>
    /// <param name="text">The text; null is none.</param>
    /// <param name="endpoint">The endpoint, if the result is true.</param>
    public static bool TryParse(string? text, out PeerEndpoint endpoint)
    {
        endpoint = default;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > IPEndPoint.MaxPort)
        {
            return false;
        }

        var host = text![..colon];
        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        host = isBracketed ? host[1..^1] : host;
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown || (host.Contains(':') && !isBracketed))
        {
            return false;
        }

        endpoint = new PeerEndpoint(host, port);
        return true;
    }

    /// <summary><c>host:port</c>, with brackets around an IPv6 address.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host?.Contains(':') == true ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>The same for a socket.</summary>
    public EndPoint ToEndPoint() => IPAddress.TryParse(Host, out var address) ? new IPEndPoint(address, Port)
        : Host == "localhost" ? new IPEndPoint(IPAddress.Loopback, Port)
        : new DnsEndPoint(Host, Port);
}
