using System.Collections.Immutable;
using System.Threading.Channels;
using OrleansStore.Datacenters;
using OrleansStore.Datacenters.Links;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Service.Peers;

namespace OrleansStore.Grains.Links;

/// <summary>Byte streams to the other datacenters through the gateway grains of their clusters.</summary>
/// <remarks>A control and a bulk connection of their own per datacenter: no heartbeat waits behind a megabyte on a socket.</remarks>
internal sealed class GatewayTransport : IPeerTransport
{
    // Streams that were opened from outside and not yet taken by the links (invariant 10).
    private const int MaxWaiting = 64;

    private readonly ImmutableDictionary<DatacenterId, string> _names;
    private readonly ImmutableDictionary<(string, LinkClass), RemoteGateway> _gateways;
    private readonly GatewayStreams _streams;
    private readonly IRandomSource _random;
    private readonly Channel<IPeerConnection> _accepted =
        Channel.CreateBounded<IPeerConnection>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.Wait });

    /// <summary>Creates the transport and begins to connect.</summary>
    /// <param name="map">The datacenters.</param>
    /// <param name="connect">Makes the client of a datacenter's cluster; called once per datacenter and class.</param>
    /// <param name="streams">Where gateway grains and links meet.</param>
    /// <param name="random">Draws the ids of streams; used on the links' scheduler only.</param>
    public GatewayTransport(DatacenterMap map, Func<string, LinkClass, RemoteGateway> connect, GatewayStreams streams, IRandomSource random)
    {
        Local = map.Local.Name;
        _streams = streams;
        _random = random;
        _names = map.Peers.ToImmutableDictionary(peer => peer.Id, peer => peer.Name);
        _gateways = _names.Values
            .SelectMany(name => new[] { (Name: name, Class: LinkClass.Control), (Name: name, Class: LinkClass.Bulk) })
            .ToImmutableDictionary(pair => pair, pair => connect(pair.Name, pair.Class));
        foreach (var gateway in _gateways.Values)
        {
            gateway.Start();
        }

        streams.Attach(this);
    }

    /// <summary>The name of this datacenter.</summary>
    public string Local { get; }

    /// <summary>Has the links take a stream that was opened from outside.</summary>
    /// <returns>False where too many wait, or the transport is over.</returns>
    public bool TryOffer(GatewayStream stream) => _accepted.Writer.TryWrite(stream);

    /// <summary>The gateway of a peer; null where it is none.</summary>
    public RemoteGateway? GatewayOf(string datacenter, LinkClass linkClass) => _gateways.GetValueOrDefault((datacenter, linkClass));

    /// <inheritdoc/>
    public async ValueTask<IPeerConnection> DialAsync(DatacenterId peer, LinkClass linkClass, CancellationToken cancellationToken)
    {
        var gateway = _gateways[(_names[peer], linkClass)];
        var stream = new GatewayStream(new StreamId(new UInt128(_random.NextUInt64(), _random.NextUInt64())), Local, gateway, _streams);
        _streams.Add(stream);
        try
        {
            await gateway.OpenAsync(stream.Id, Local, linkClass == LinkClass.Bulk, cancellationToken);
            return stream;
        }
        catch (Exception reason) when (RemoteGateway.IsFailure(reason))
        {
            await stream.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw new IOException(reason.Message, reason);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IPeerConnection?> AcceptAsync()
    {
        // Not ReadAsync, which throws at the end.
        while (await _accepted.Reader.WaitToReadAsync())
        {
            if (_accepted.Reader.TryRead(out var stream))
            {
                return stream;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _accepted.Writer.TryComplete();
        _streams.Detach(this);
        foreach (var gateway in _gateways.Values)
        {
            await gateway.DisposeAsync();
        }
    }
}
