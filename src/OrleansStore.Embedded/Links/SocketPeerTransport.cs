using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansStore.Datacenters.Links;
using OrleansStore.Service.Peers;

namespace OrleansStore.Embedded.Links;

/// <summary>Connections over TCP: Kestrel's socket transport in both directions, TLS where there are credentials.</summary>
/// <remarks>It is Kestrel's transport without Kestrel's server: the peer port opens before the HTTP port and closes after it, and a process can have
/// several.</remarks>
public sealed class SocketPeerTransport : IPeerTransport
{
    private readonly IConnectionListener _listener;
    private readonly IReadOnlyDictionary<DatacenterId, PeerAddress> _peers;
    private readonly PeerCredentials? _credentials;
    private readonly SocketConnectionContextFactory _factory;
    private int _isDisposed;

    private SocketPeerTransport(
        IConnectionListener listener, IReadOnlyDictionary<DatacenterId, PeerAddress> peers, PeerCredentials? credentials, ILoggerFactory loggers)
    {
        _listener = listener;
        _peers = peers;
        _credentials = credentials;
        _factory = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), loggers.CreateLogger<SocketPeerTransport>());
    }

    /// <summary>Where it listens; with the port that was given to it where 0 was asked for.</summary>
    public EndPoint LocalEndPoint => _listener.EndPoint;

    /// <summary>Begins to listen.</summary>
    /// <param name="listen">Where.</param>
    /// <param name="peers">The other datacenters, by number.</param>
    /// <param name="credentials">Null: no TLS. Owned by the caller.</param>
    /// <param name="loggers">Where the socket transport logs.</param>
    /// <exception cref="IOException">The address is in use or not ours.</exception>
    public static async Task<SocketPeerTransport> ListenAsync(
        PeerEndpoint listen, IReadOnlyDictionary<DatacenterId, PeerAddress> peers, PeerCredentials? credentials, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        ArgumentNullException.ThrowIfNull(loggers);
        var factory = new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers);
        try
        {
            return new SocketPeerTransport(await factory.BindAsync(await ResolveAsync(listen)), peers, credentials, loggers);
        }
        catch (Exception exception) when (exception is SocketException or AddressInUseException)
        {
            throw new IOException($"Cannot listen for peers on {listen}: {exception.Message}", exception);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IPeerConnection> DialAsync(DatacenterId peer, LinkClass linkClass, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        var (name, endpoint) = _peers[peer];
        var remote = endpoint.ToEndPoint();
        var socket = remote is IPEndPoint ip
            ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(remote, cancellationToken);
            return new SocketPeerConnection(
                _factory.Create(socket), _credentials, (tls, token) => tls.AuthenticateAsClientAsync(_credentials!.ForClient(name), token));
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException($"cannot connect to {name} at {endpoint}: {exception.Message}", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IPeerConnection?> AcceptAsync()
    {
        var context = await _listener.AcceptAsync();
        return context is null
            ? null
            : new SocketPeerConnection(context, _credentials, (tls, token) => tls.AuthenticateAsServerAsync(_credentials!.ForServer(), token));
    }

    /// <summary>Stops to listen. Connections that stand are their owners' to close.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await _listener.UnbindAsync();
            await _listener.DisposeAsync();
            _factory.Dispose();
        }
    }

    private static async Task<EndPoint> ResolveAsync(PeerEndpoint endpoint) =>
        endpoint.ToEndPoint() is DnsEndPoint name
            ? new IPEndPoint((await Dns.GetHostAddressesAsync(name.Host))[0], name.Port)
            : endpoint.ToEndPoint();
}
