using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansStore.Datacenters;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Datacenters.Links;
using OrleansStore.Datacenters.Silos;
using OrleansStore.Datacenters.Time;
using OrleansStore.Grains.Buckets;
using OrleansStore.Grains.Hosting;
using OrleansStore.Grains.Links;
using OrleansStore.Grains.Placement;
using OrleansStore.Service;

namespace OrleansStore.Grains;

/// <summary>The store in one silo: a datacenter whose transport are gateway grains and whose gate are bucket grains. Starts and stops with the silo.</summary>
internal sealed class StoreEngine(
    IOptions<OrleansStoreOptions> options,
    BucketActivations activations,
    GatewayStreams streams,
    StoreTopologyHint topology,
    IServiceProvider services,
    ILoggerFactory loggers) : ILifecycleParticipant<ISiloLifecycle>
{
    // After the silo is active, so that grains can be called; and so before that it stops.
    private const int Stage = ServiceLifecycleStage.Active + 1;

    private readonly OrleansStoreOptions _options = options.Value;
    private StoreDatacenter? _datacenter;

    /// <summary>The store.</summary>
    /// <exception cref="StoreException">The silo has not started it yet: <see cref="ErrorCode.Unavailable"/>, transient.</exception>
    public IStoreService Store => Datacenter.Store;

    /// <summary>The datacenter of this silo.</summary>
    /// <exception cref="StoreException">The silo has not started it yet.</exception>
    public StoreDatacenter Datacenter => _datacenter ?? throw new StoreException(ErrorCode.Unavailable, "The store of this silo has not started yet.", isTransient: true);

    /// <summary>The links of this silo among several; null before the store has started, and where the datacenter is one silo.</summary>
    public SiloSwitch? Switch => _datacenter?.Switch;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(StoreEngine), Stage, StartAsync, StopAsync);

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.Validate() is { Count: > 0 } mistakes)
        {
            throw new ArgumentException(string.Join(' ', mistakes));
        }

        var clients = new ClusterClients(_options, loggers);
        var time = _options.Time ?? new BootTimeProvider();

        // The cluster's silos are asked for here: they, and what they reach, need this engine themselves.
        var datacenter = _options.IsShared
            ? await StoreDatacenter.StartSharedAsync(_options.ToDatacenter(), ListenAsync, activations, services.GetRequiredService<ISiloCluster>(), loggers, time)
            : await StoreDatacenter.StartAsync(_options.ToDatacenter(), ListenAsync, activations, loggers, time);
        activations.Attach(datacenter.Buckets);
        topology.BucketCount = datacenter.BucketCount;
        _datacenter = datacenter;

        Task<IPeerTransport> ListenAsync(DatacenterMap map) =>
            Task.FromResult<IPeerTransport>(new GatewayTransport(map, clients.Connect, streams, new CryptographicRandomSource()));
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_datacenter is not { } datacenter)
        {
            return;
        }

        // A stop that is cancelled is not to be clean.
        if (cancellationToken.IsCancellationRequested)
        {
            await datacenter.DisposeAsync();
        }
        else
        {
            await datacenter.StopAsync(_options.StopPatience);
        }
    }
}
