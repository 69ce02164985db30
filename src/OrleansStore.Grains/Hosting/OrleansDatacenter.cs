using System.Data.Common;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansStore.Datacenters.Links;
using OrleansStore.Grains.Links;
using OrleansStore.Service;

namespace OrleansStore.Grains.Hosting;

/// <summary>One datacenter on the Orleans engine: a silo of its own that runs nothing but the store.</summary>
/// <remarks>Formation goes on in the background: <see cref="Store"/> can be asked at once, and says why it does not serve until it does.</remarks>
public sealed partial class OrleansDatacenter : IAsyncDisposable
{
    // Beyond what the store takes: the runtime says in its table that it leaves, and says so again and again where the table cannot be reached.
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(2);

    private readonly IHost _host;
    private readonly StoreEngine _engine;
    private readonly PeerCredentials? _credentials;
    private readonly OrleansStoreOptions _options;
    private readonly ILogger _logger;
    private int _isStopped;

    private OrleansDatacenter(IHost host, PeerCredentials? credentials, OrleansStoreOptions options, ILogger logger)
    {
        _host = host;
        _engine = host.Services.GetRequiredService<StoreEngine>();
        _credentials = credentials;
        _options = options;
        _logger = logger;
    }

    /// <summary>The store, through this datacenter.</summary>
    public IStoreService Store => _engine.Store;

    /// <summary>The name of this datacenter.</summary>
    public string Name => _engine.Datacenter.Name;

    /// <summary>Completes when the datacenter was stopped; fails where it cannot go on: the process must end.</summary>
    public Task Completion => _engine.Datacenter.Completion;

    /// <summary>The grains of this cluster, as code outside of them calls them.</summary>
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    internal IServiceProvider Services => _host.Services;

    /// <summary>Starts the silo, locks the data folder and begins to form or rejoin the store.</summary>
    /// <param name="options">How to run.</param>
    /// <param name="loggers">Where to log; not owned.</param>
    /// <exception cref="ArgumentException">Options contradict themselves; the message holds all mistakes.</exception>
    /// <exception cref="StoreException">The data folder is in use, belongs to another datacenter, or its store was created with other facts.</exception>
    /// <exception cref="CorruptionException">A file is damaged; names file and offset.</exception>
    /// <exception cref="IOException">The folder cannot be used, or a port is taken.</exception>
    public static async Task<OrleansDatacenter> StartAsync(OrleansDatacenterOptions options, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loggers);
        if (options.Validate() is { Count: > 0 } mistakes)
        {
            throw new ArgumentException(string.Join(' ', mistakes), nameof(options));
        }

        RequireFree(options, options.SiloPort);
        RequireFree(options, options.GatewayPort);
        var credentials = options.Store.Security.Load(options.Store.Datacenter);
        var host = Build(options, credentials, loggers);
        var logger = loggers.CreateLogger($"OrleansStore.{options.Store.Datacenter}");
        try
        {
            await host.StartAsync();
            return new OrleansDatacenter(host, credentials, options.Store, logger);
        }
        catch
        {
            // What has started already would go on without the services that are disposed of next, and end the process by an exception of its own.
            await EndAsync(host.StopAsync(new CancellationToken(canceled: true)), LeavePatience, logger);
            await EndAsync(DisposeAsync(host).AsTask(), LeavePatience / 2, logger);
            credentials?.Dispose();
            throw;
        }
    }

    /// <summary>Ends cleanly: takes no new requests, hands leadership over, finishes what is in flight, closes the log, leaves the cluster.</summary>
    /// <remarks>The cluster is left in its membership table. Where that cannot be reached it is not waited for: the other silos find out that this one is gone, as if it had died.</remarks>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) == 0)
        {
            // Half of the time for leaving in good order, half for what is left of that once it is cancelled.
            using var clean = new CancellationTokenSource(_options.StopPatience + (LeavePatience / 2));
            await EndAsync(_host.StopAsync(clean.Token), _options.StopPatience + LeavePatience, _logger);
            await DisposeAsync();
        }
    }

    /// <summary>Ends at once; requests that are in flight see an unknown outcome.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) == 0)
        {
            await EndAsync(_host.StopAsync(new CancellationToken(canceled: true)), LeavePatience, _logger);
        }

        await EndAsync(DisposeAsync(_host).AsTask(), LeavePatience / 2, _logger);
        _credentials?.Dispose();
    }

    /// <summary>Waits for an end, and no longer than it may take.</summary>
    private static async Task EndAsync(Task ending, TimeSpan patience, ILogger logger)
    {
        try
        {
            await ending.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            LogAbandoned(logger, patience);
        }
        catch (Exception reason) when (reason is OperationCanceledException or DbException)
        {
            // What the runtime says of a table that it cannot reach, or of its own impatience.
            LogLeftUnclean(logger, reason);
        }
    }

    private static IHost Build(OrleansDatacenterOptions options, PeerCredentials? credentials, ILoggerFactory loggers)
    {
        var store = options.Store;

        // Without defaults: no configuration, environment or logging but ours can reach the silo.
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true, ApplicationName = store.Datacenter });
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.UseOrleans(silo =>
        {
            Cluster(silo, options);
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (store.Datacenter, store.ServiceId));
            silo.Configure<EndpointOptions>(endpoint =>
                (endpoint.AdvertisedIPAddress, endpoint.SiloPort, endpoint.GatewayPort) = (options.Address, options.SiloPort, options.GatewayPort));
            silo.AddOrleansStore(configured => Copy(store, configured));
            if (credentials is not null)
            {
                silo.UseTls(credentials, store.Datacenter);
            }
        });
        return builder.Build();
    }

    private static void Cluster(ISiloBuilder silo, OrleansDatacenterOptions options)
    {
        if (options.Clustering is not { } clustering)
        {
            // One silo per cluster, which is its own primary.
            silo.UseDevelopmentClustering(new IPEndPoint(options.Address, options.SiloPort));
            return;
        }

        // A silo that died is out after three seconds, by the word of one other: there may be only two. What is promised meanwhile does not hang on it: claims decide that.
        clustering(silo);
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            (membership.ProbeTimeout, membership.NumMissedProbesLimit, membership.NumVotesForDeathDeclaration) = (TimeSpan.FromSeconds(1), 3, 1);
            (membership.TableRefreshTimeout, membership.IAmAliveTablePublishTimeout) = (TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(3));
        });
    }

    // The runtime opens its ports so that two processes can share one, and each would get half of what comes in. Asked for in vain here, it is said at once.
    private static void RequireFree(OrleansDatacenterOptions options, int port)
    {
        using var socket = new Socket(options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(options.Address, port));
            socket.Listen();
        }
        catch (SocketException reason)
        {
            throw new IOException($"{options.Store.Datacenter} cannot listen on {options.Address}:{port}: {reason.Message}", reason);
        }
    }

    private static void Copy(OrleansStoreOptions from, OrleansStoreOptions to)
    {
        foreach (var (name, gateways) in from.Remotes)
        {
            to.Remotes[name] = gateways;
        }

        (to.Datacenter, to.ServiceId, to.DataDirectory, to.Postgres) = (from.Datacenter, from.ServiceId, from.DataDirectory, from.Postgres);
        (to.BucketCount, to.Primary) = (from.BucketCount, from.Primary);
        (to.StopPatience, to.Security, to.Time) = (from.StopPatience, from.Security, from.Time);
        (to.Links, to.Storage, to.Buckets, to.Router) = (from.Links, from.Storage, from.Buckets, from.Router);
    }

    [LoggerMessage(20, LogLevel.Warning, "The runtime could not leave its cluster within {Patience} and is not waited for any longer")]
    private static partial void LogAbandoned(ILogger logger, TimeSpan patience);

    [LoggerMessage(21, LogLevel.Warning, "The cluster was left without a word of it in its table")]
    private static partial void LogLeftUnclean(ILogger logger, Exception reason);

    private static ValueTask DisposeAsync(IHost host)
    {
        if (host is IAsyncDisposable disposable)
        {
            return disposable.DisposeAsync();
        }

        host.Dispose();
        return ValueTask.CompletedTask;
    }
}
