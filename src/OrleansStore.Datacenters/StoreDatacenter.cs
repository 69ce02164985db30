using Microsoft.Extensions.Logging;
using OrleansStore.Datacenters.Fronts;
using OrleansStore.Datacenters.Homes;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Datacenters.Links;
using OrleansStore.Datacenters.Silos;
using OrleansStore.Placement;
using OrleansStore.Service;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Replicas;
using OrleansStore.Service.Routing;
using OrleansStore.Service.Routing.Access;

namespace OrleansStore.Datacenters;

/// <summary>One datacenter in a process: what it keeps, links, buckets and router. What differs from engine to engine comes in: where connections to the other datacenters come from, and
/// what lets buckets into memory.</summary>
/// <remarks>Formation goes on in the background: <see cref="Store"/> can be asked at once, and says why it does not serve until it does.</remarks>
public sealed partial class StoreDatacenter : IAsyncDisposable
{
    private static readonly TimeSpan JoinCheckInterval = TimeSpan.FromSeconds(1);

    private readonly DatacenterOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IDatacenterHome _home;
    private readonly IDatacenterFront _front;
    private readonly BucketSilo _silo;
    private readonly StoreRouter _router;
    private readonly CancellationTokenSource _stop = new();
    private Task _serving = Task.CompletedTask;

    private StoreDatacenter(DatacenterOptions options, DatacenterEnvironment environment, IDatacenterHome home, IDatacenterFront front, IActivationGate gate, uint? callTag)
    {
        _options = options;
        _time = environment.Time;
        _logger = environment.Logger;
        _home = home;
        _front = front;
        var topology = front.Topology;
        _silo = new BucketSilo(
            new SiloEnvironment
            {
                Local = front.Local.Id,
                Placement = PlacementMap.Create(topology),
                Members = new MemberDirectory(front),
                Links = front.Links,
                Gate = gate,
                CallTag = callTag,
                Scheduler = environment.TurnScheduler,
                BackgroundScheduler = environment.CreateBackgroundScheduler(),
                Time = environment.Time,
                Random = environment.Random,
                Logger = environment.Logger,
            },
            options.Buckets);
        _router = new StoreRouter(_silo, new FixedTopologySource(topology), new AllowAllAuthorizer(), new DatacenterStatus(_silo, front), environment.Time, environment.Random, options.Router);
    }

    /// <summary>The store, through this datacenter.</summary>
    public IStoreService Store => _router;

    /// <summary>The buckets of this process.</summary>
    public BucketSilo Buckets => _silo;

    /// <summary>How many buckets the store has.</summary>
    public int BucketCount => _front.Topology.BucketCount.Value;

    /// <summary>The name of this datacenter.</summary>
    public string Name => _options.Datacenter;

    /// <summary>Completes when the datacenter was stopped; fails where it cannot go on: the process must end.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    /// <summary>What it turns towards the others.</summary>
    internal IDatacenterFront Front => _front;

    /// <summary>The links of this silo among several; null where the datacenter is one process.</summary>
    public SiloSwitch? Switch => (_front as SharedFront)?.Switch;

    /// <summary>Locks the data folder, or takes the claim on the database, opens the transport and begins to form or rejoin the store.</summary>
    /// <param name="options">How to run; checked by the caller.</param>
    /// <param name="listen">Opens the transport to the other datacenters, once it is known how they are numbered. Owned by the datacenter from then on.</param>
    /// <param name="gate">Lets buckets into memory.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="time">The clocks; in production a <see cref="Time.BootTimeProvider"/>.</param>
    /// <exception cref="StoreException">The data folder or database is in use, belongs to another datacenter, or its store was created with other facts; or the database cannot be
    /// reached or used.</exception>
    /// <exception cref="CorruptionException">A file is damaged; names file and offset.</exception>
    /// <exception cref="IOException">The folder cannot be used, or the transport not opened.</exception>
    public static async Task<StoreDatacenter> StartAsync(
        DatacenterOptions options, Func<DatacenterMap, Task<IPeerTransport>> listen, IActivationGate gate, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(time);
        return await StartAsync(options, listen, gate, CreateEnvironment(options, loggers, time));
    }

    /// <summary>The same over what a simulated run controls.</summary>
    internal static async Task<StoreDatacenter> StartAsync(
        DatacenterOptions options, Func<DatacenterMap, Task<IPeerTransport>> listen, IActivationGate gate, DatacenterEnvironment environment)
    {
        IDatacenterHome home = options.Postgres is { } connectionString
            ? await PostgresDatacenterHome.OpenAsync(options, connectionString, isShared: false, environment)
            : await FolderHome.OpenAsync(options, environment);
        return await StartAsync(options, gate, callTag: null, environment, home, async (topology, local) =>
            await SoleFront.OpenAsync(home.Formation, topology, local, listen, options.Links, environment));
    }

    /// <summary>The same for one silo of several that share the database of their datacenter.</summary>
    /// <param name="options">How to run; with <see cref="DatacenterOptions.Postgres"/>.</param>
    /// <param name="listen">Opens the transport to the other datacenters, whenever this silo comes to hold the links.</param>
    /// <param name="gate">Lets buckets into memory; <see cref="IActivationGate.IsShared"/>.</param>
    /// <param name="cluster">The silos.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="time">The clocks.</param>
    /// <exception cref="StoreException">The database belongs to another datacenter, its store was created with other facts, a process has it for itself, or it cannot be reached or used.</exception>
    /// <exception cref="CorruptionException">Something in it is damaged; names what.</exception>
    public static async Task<StoreDatacenter> StartSharedAsync(
        DatacenterOptions options, Func<DatacenterMap, Task<IPeerTransport>> listen, IActivationGate gate, ISiloCluster cluster, ILoggerFactory loggers, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(loggers);
        ArgumentNullException.ThrowIfNull(time);
        var environment = CreateEnvironment(options, loggers, time);
        var connectionString = options.Postgres ?? throw new ArgumentException("Silos that share a datacenter need a database to share.", nameof(options));
        var home = await PostgresDatacenterHome.OpenAsync(options, connectionString, isShared: true, environment);
        return await StartAsync(options, gate, cluster.Self.Tag, environment, home, async (topology, local) =>
        {
            // Said at the start, not when this silo comes to hold the links.
            HomeChecks.RequireConsistent(home.Formation, await home.Formation.ReadAsync(), topology, local.Id);
            return new SharedFront(home, topology, local, listen, cluster, options.Links, environment);
        });
    }

    /// <summary>Ends cleanly: takes no new requests, hands leadership over, finishes what is in flight, closes the log so that it vouches for its own end.</summary>
    /// <param name="patience">How long to wait for what is in flight.</param>
    public async Task StopAsync(TimeSpan patience)
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        if (!await _silo.StopAsync(patience))
        {
            LogCutOff(Name, patience);
        }

        await DisposeAsync();
    }

    /// <summary>Ends at once; requests that are in flight see an unknown outcome.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _front.DisposeAsync();
        await _silo.DisposeAsync();
        await ObserveAsync(_serving);
        _router.Dispose();
        await _home.DisposeAsync();
    }

    private static DatacenterEnvironment CreateEnvironment(DatacenterOptions options, ILoggerFactory loggers, TimeProvider time) =>
        new(time, loggers.CreateLogger($"OrleansStore.{options.Datacenter}"));

    private static async Task<StoreDatacenter> StartAsync(
        DatacenterOptions options, IActivationGate gate, uint? callTag, DatacenterEnvironment environment, IDatacenterHome home, Func<Topology, Datacenter, Task<IDatacenterFront>> open)
    {
        try
        {
            var topology = await ProposeTopologyAsync(options, home.Formation);
            var front = await open(topology, topology.Datacenters.Single(datacenter => datacenter.Name == options.Datacenter));
            var datacenter = new StoreDatacenter(options, environment, home, front, gate, callTag);
            datacenter.Start();
            return datacenter;
        }
        catch
        {
            await home.DisposeAsync();
            throw;
        }
    }

    private static async Task<Topology> ProposeTopologyAsync(DatacenterOptions options, IFormationHome home)
    {
        // What is not asked for is what the store was created with, so that a later start need not repeat it.
        var stored = await home.ReadAsync();
        var names = options.Datacenters.Order(StringComparer.Ordinal).ToArray();
        var datacenters = names.Select((name, i) => new Datacenter(new DatacenterId((ushort)(i + 1)), name)).ToArray();
        var primary = options.Primary ?? stored?.Topology.Find(stored.Topology.Goal.PrimaryDatacenter)?.Name;
        return Topology.Create(new TopologyDraft
        {
            Datacenters = [.. datacenters],
            BucketCount = options.BucketCount ?? stored?.Topology.BucketCount.Value ?? Placement.BucketCount.Default.Value,
            PrimaryDatacenter = datacenters.SingleOrDefault(datacenter => datacenter.Name == primary)?.Id ?? DatacenterId.None,
        });
    }

    private void Start()
    {
        _front.MembersChanged += (_, _) => _silo.OnMembersChanged();
        _front.Start(_silo);
        _serving = ServeAsync();
        Completion = CompleteAsync();
    }

    // Links go on until they are stopped: whoever waits for both would never hear that one of them failed.
    private async Task CompleteAsync()
    {
        var links = LinkedAsync();
        try
        {
            await await Task.WhenAny(links, _serving);
            await Task.WhenAll(links, _serving);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped before the store was formed: that is no failure.
        }
    }

    private async Task ServeAsync()
    {
        var own = await FormedAsync().WaitAsync(_stop.Token);
        _silo.Start(await _home.OpenStorageAsync(_silo));
        LogServing(Name, own.StoreId.ToString(), own.Incarnation);
        while (_front.IsJoining)
        {
            await Task.Delay(JoinCheckInterval, _time, _stop.Token);
            if (_silo.VotesEverywhere())
            {
                await _front.CompleteJoinAsync();
                LogJoined(Name);
            }
        }
    }

    // Tasks of this scheduler: a wait for several tasks, or with a token, would go on on the thread pool after a source that continues asynchronously.
    private async Task<PeerIdentity> FormedAsync() => await _front.Formed;

    private async Task LinkedAsync() => await _front.Completion;

    private async Task ObserveAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped while it waited: that is how it ends.
        }
        catch (Exception reason)
        {
            // The edge of a driver task; whoever watches Completion has seen it, too.
            LogFailed(Name, reason);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Datacenter} serves store {StoreId} as incarnation {Incarnation}")]
    private partial void LogServing(string datacenter, string storeId, ulong incarnation);

    [LoggerMessage(3, LogLevel.Information, "{Datacenter} has joined: all its replicas caught up and vote")]
    private partial void LogJoined(string datacenter);

    [LoggerMessage(4, LogLevel.Warning, "{Datacenter} stops although requests are in flight after {Patience}; their outcome is unknown to their callers")]
    private partial void LogCutOff(string datacenter, TimeSpan patience);

    [LoggerMessage(5, LogLevel.Error, "{Datacenter} cannot go on")]
    private partial void LogFailed(string datacenter, Exception reason);
}
