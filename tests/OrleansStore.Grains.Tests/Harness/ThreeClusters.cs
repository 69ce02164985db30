using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansStore.Client;
using OrleansStore.Client.Orleans;
using OrleansStore.Client.Tests.Support;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Grains.Buckets;

namespace OrleansStore.Grains.Tests.Harness;

/// <summary>Three test clusters of one silo each, three datacenters of one store, linked by clients over sockets; their files in a folder of its own.</summary>
public sealed class ThreeClusters : IAsyncDisposable
{
    public const int Size = 3;

    private readonly TestFolder _folder = new();
    private readonly int[] _siloPorts = [FreePorts.Take(), FreePorts.Take(), FreePorts.Take()];
    private readonly int[] _gatewayPorts = [FreePorts.Take(), FreePorts.Take(), FreePorts.Take()];
    private readonly TestCluster?[] _clusters = new TestCluster?[Size];
    private readonly TimeSpan _hibernateAfter;

    private ThreeClusters(TimeSpan hibernateAfter) => _hibernateAfter = hibernateAfter;

    public static async Task<ThreeClusters> StartAsync(TimeSpan? hibernateAfter = null)
    {
        var clusters = new ThreeClusters(hibernateAfter ?? TimeSpan.FromSeconds(10));
        await Task.WhenAll(Enumerable.Range(0, Size).Select(clusters.StartClusterAsync));
        await clusters.ReadyAsync();
        return clusters;
    }

    public static int[] Others(int datacenter) => [.. Enumerable.Range(0, Size).Where(i => i != datacenter)];

    /// <summary>A store over the cluster client of a datacenter.</summary>
    public IStore Client(int datacenter) => new GrainStore(_clusters[datacenter]!.Client, new GrainStoreOptions { Timeout = TimeSpan.FromSeconds(20) });

    /// <summary>A store as grains of a datacenter's silo have it.</summary>
    public IStore InSilo(int datacenter) =>
        new GrainStore(Service<IStoreRouter>(datacenter), new GrainStoreOptions { Timeout = TimeSpan.FromSeconds(20) }, TimeProvider.System);

    /// <summary>How many bucket grains are active in all datacenters.</summary>
    public int ActiveGrains() => Enumerable.Range(0, Size).Sum(i => Activations(i).Count);

    internal StoreEngine Engine(int datacenter) => Service<StoreEngine>(datacenter);

    internal BucketActivations Activations(int datacenter) => Service<BucketActivations>(datacenter);

    internal TestCluster Cluster(int datacenter) => _clusters[datacenter]!;

    public async Task StartClusterAsync(int datacenter)
    {
        var builder = new TestClusterBuilder(1);
        builder.Options.ClusterId = Name(datacenter);
        builder.Options.ServiceId = "orleansstore";
        builder.Options.BaseSiloPort = _siloPorts[datacenter];
        builder.Options.BaseGatewayPort = _gatewayPorts[datacenter];
        builder.Options.ConnectionTransport = ConnectionTransportType.TcpSocket;
        builder.Options.ConfigureFileLogging = false;
        builder.Properties[DatacenterConfigurator.Datacenter] = Name(datacenter);
        builder.Properties[DatacenterConfigurator.Folder] = _folder.Path;
        builder.Properties[DatacenterConfigurator.HibernateAfterMs] = _hibernateAfter.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
        builder.Properties[DatacenterConfigurator.Remotes] = string.Join(',', Others(datacenter).Select(other => $"{Name(other)}:{_gatewayPorts[other]}"));
        builder.AddSiloBuilderConfigurator<DatacenterConfigurator>();
        var cluster = builder.Build();
        await cluster.DeployAsync();
        _clusters[datacenter] = cluster;
    }

    /// <summary>Ends a cluster without a farewell: its silo's stop is cancelled before it begins.</summary>
    public async Task KillAsync(int datacenter)
    {
        var cluster = _clusters[datacenter]!;
        _clusters[datacenter] = null;
        await cluster.KillClientAsync();
        await cluster.KillSiloAsync(cluster.Primary!);
        await cluster.DisposeAsync();
    }

    public async Task StopAsync(int datacenter)
    {
        var cluster = _clusters[datacenter]!;
        _clusters[datacenter] = null;
        await cluster.StopAllSilosAsync();
        await cluster.DisposeAsync();
    }

    public Task ReadyAsync() => Until.TrueAsync(
        "all datacenters are ready",
        () => Enumerable.Range(0, Size).Where(i => _clusters[i] is not null).All(i => Engine(i).Store.NotReadyReason is null),
        seconds: 60);

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in _clusters.OfType<TestCluster>())
        {
            await cluster.StopAllSilosAsync();
            await cluster.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static string Name(int datacenter) => $"dc{datacenter + 1}";

    private T Service<T>(int datacenter)
        where T : notnull => ((InProcessSiloHandle)_clusters[datacenter]!.Primary!).SiloHost.Services.GetRequiredService<T>();
}
