using Microsoft.Extensions.Logging;
using OrleansStore.Datacenters;
using OrleansStore.Datacenters.Links;
using OrleansStore.Embedded.Links;
using OrleansStore.Service;
using OrleansStore.Service.Engine;

namespace OrleansStore.Embedded;

/// <summary>One datacenter on the embedded engine: one process, or a third of one, that speaks to its peers over sockets of its own.</summary>
/// <remarks>Formation goes on in the background: <see cref="Store"/> can be asked at once, and says why it does not serve until it does.</remarks>
public sealed class EmbeddedDatacenter : IAsyncDisposable
{
    private readonly StoreDatacenter _datacenter;
    private readonly PeerCredentials? _credentials;

    private EmbeddedDatacenter(StoreDatacenter datacenter, PeerCredentials? credentials)
    {
        _datacenter = datacenter;
        _credentials = credentials;
    }

    /// <summary>The store, through this datacenter.</summary>
    public IStoreService Store => _datacenter.Store;

    /// <summary>The name of this datacenter.</summary>
    public string Name => _datacenter.Name;

    /// <summary>Completes when the datacenter was stopped; fails where it cannot go on: the process must end.</summary>
    public Task Completion => _datacenter.Completion;

    /// <summary>Locks the data folder, or takes the claim on the database, opens the peer port and begins to form or rejoin the store.</summary>
    /// <param name="options">How to run.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="time">The clocks; in production a <see cref="Datacenters.Time.BootTimeProvider"/>.</param>
    /// <exception cref="ArgumentException">Options contradict themselves; the message holds all mistakes.</exception>
    /// <exception cref="StoreException">The data folder or database is in use, belongs to another datacenter, or its store was created with other facts; or the database cannot be
    /// reached or used.</exception>
    /// <exception cref="CorruptionException">A file is damaged; names file and offset.</exception>
    /// <exception cref="IOException">The folder cannot be used, or the peer port is taken.</exception>
    public static async Task<EmbeddedDatacenter> StartAsync(EmbeddedOptions options, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(time);
        var mistakes = options.Validate();
        if (mistakes.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', mistakes), nameof(options));
        }

        var credentials = options.Security.Load(options.Datacenter);
        try
        {
            var datacenter = await StoreDatacenter.StartAsync(options.ToDatacenter(), ListenAsync, new OpenGate(), loggers, time);
            return new EmbeddedDatacenter(datacenter, credentials);
        }
        catch
        {
            credentials?.Dispose();
            throw;
        }

        async Task<IPeerTransport> ListenAsync(DatacenterMap map) => await SocketPeerTransport.ListenAsync(
            options.Listen ?? options.Peers[map.Local.Name],
            map.Peers.ToDictionary(peer => peer.Id, peer => new PeerAddress(peer.Name, options.Peers[peer.Name])),
            credentials,
            loggers);
    }

    /// <summary>Ends cleanly: takes no new requests, hands leadership over, finishes what is in flight, closes the log so that it vouches for its own end.</summary>
    /// <param name="patience">How long to wait for what is in flight.</param>
    public async Task StopAsync(TimeSpan patience)
    {
        await _datacenter.StopAsync(patience);
        _credentials?.Dispose();
    }

    /// <summary>Ends at once; requests that are in flight see an unknown outcome.</summary>
    public async ValueTask DisposeAsync()
    {
        await _datacenter.DisposeAsync();
        _credentials?.Dispose();
    }
}
