using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Datacenters.Links;
using OrleansStore.Embedded.Links;
using OrleansStore.Service.Peers;

namespace OrleansStore.Embedded.Tests.Harness;

/// <summary>One datacenter with links over real sockets on loopback.</summary>
internal sealed class SocketLinks : IAsyncDisposable
{
    private readonly Dictionary<DatacenterId, PeerAddress> _addresses;

    private SocketLinks(int number, SocketPeerTransport transport, Dictionary<DatacenterId, PeerAddress> addresses, FixedExchange exchange, LinkOptions options)
    {
        _addresses = addresses;
        Exchange = exchange;
        Port = ((IPEndPoint)transport.LocalEndPoint).Port;
        var environment = new LinkEnvironment(new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler, TimeProvider.System, new SplitMix64((ulong)number), Logger);
        Links = new PeerLinks(Identities.PeersOf(number, exchange.Own.Founders.Length), transport, exchange, options, environment);
    }

    public FixedExchange Exchange { get; }

    public int Port { get; }

    public PeerLinks Links { get; }

    public RecordingHandler Handler { get; } = new();

    public RecordingLogger Logger { get; } = new();

    /// <summary>Listens; nothing is dialled before <see cref="Start"/>.</summary>
    public static async Task<SocketLinks> ListenAsync(
        int number, int count = 2, LinkOptions? options = null, int port = 0, PeerCredentials? credentials = null, PeerIdentity? identity = null)
    {
        Dictionary<DatacenterId, PeerAddress> addresses = [];
        var transport = await SocketPeerTransport.ListenAsync(new PeerEndpoint("127.0.0.1", port), addresses, credentials, NullLoggerFactory.Instance);
        return new SocketLinks(number, transport, addresses, new FixedExchange(identity ?? Identities.Member(number, count)), options ?? new LinkOptions());
    }

    /// <summary>Starts, with the others at these ports.</summary>
    public void Start(params (int Number, int Port)[] peers)
    {
        foreach (var (number, port) in peers)
        {
            _addresses[Identities.Dc(number)] = new PeerAddress($"dc{number}", new PeerEndpoint("127.0.0.1", port));
        }

        Links.Start(Handler);
    }

    public LinkStatus Status(int peer) => Links.Status().Single(status => status.Peer == Identities.Dc(peer));

    public Task UntilAsync(int peer, LinkState state) => Eventually.HoldsAsync(
        () => Status(peer).State == state, () => $"{state}, but: {Status(peer)}");

    public async ValueTask DisposeAsync()
    {
        await Links.DisposeAsync();
        await Links.Completion;
    }
}
