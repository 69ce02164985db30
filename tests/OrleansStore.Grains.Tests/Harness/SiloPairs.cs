using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansStore.Client;
using OrleansStore.Client.Orleans;
using OrleansStore.Client.Tests.Support;
using OrleansStore.Datacenters.Links;
using OrleansStore.Datacenters.Silos;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Grains.Buckets;
using OrleansStore.Grains.Hosting;
using OrleansStore.Service.Replicas;
using OrleansStore.Storage.Testing.Postgres;

namespace OrleansStore.Grains.Tests.Harness;

/// <summary>Three datacenters of two silos each, in this process: each a cluster of its own on a PostgreSQL server of its own.</summary>
public sealed class SiloPairs : IAsyncDisposable
{
    public const int Datacenters = 3;
    public const int Silos = 2;
    public const int Buckets = 16;

    private readonly PostgresServer[] _servers = new PostgresServer[Datacenters];
    private readonly string[] _databases = new string[Datacenters];
    private readonly MemoryMembership[] _memberships = [.. Enumerable.Range(0, Datacenters).Select(_ => new MemoryMembership())];
    private readonly int _siloPort = FreePorts.Take(Datacenters * Silos);
    private readonly int _gatewayPort = FreePorts.Take(Datacenters * Silos);
    private readonly OrleansDatacenter?[] _silos = new OrleansDatacenter?[Datacenters * Silos];
    private readonly TimeSpan _hibernateAfter;
    private readonly Func<string, PeerSecurityOptions> _security;

    private SiloPairs(TimeSpan hibernateAfter, Func<string, PeerSecurityOptions> security) => (_hibernateAfter, _security) = (hibernateAfter, security);

    /// <param name="hibernateAfter">After what time an idle bucket sleeps; 10 s by default.</param>
    /// <param name="security">How the silos of a datacenter prove who they are; by default they do not.</param>
    public static async Task<SiloPairs> StartAsync(TimeSpan? hibernateAfter = null, Func<string, PeerSecurityOptions>? security = null)
    {
        var pairs = new SiloPairs(hibernateAfter ?? TimeSpan.FromSeconds(10), security ?? (static _ => new PeerSecurityOptions()));
        await Task.WhenAll(Enumerable.Range(0, Datacenters).Select(async datacenter =>
        {
            pairs._servers[datacenter] = await PostgresServer.StartAsync();
            pairs._databases[datacenter] = await pairs._servers[datacenter].CreateStoreAsync();
        }));
        await Task.WhenAll(All().Select(each => pairs.StartSiloAsync(each.Datacenter, each.Silo)));
        await pairs.ReadyAsync();
        return pairs;
    }

    public static IEnumerable<(int Datacenter, int Silo)> All() =>
        Enumerable.Range(0, Datacenters).SelectMany(datacenter => Enumerable.Range(0, Silos).Select(silo => (datacenter, silo)));

    /// <summary>The database server of a datacenter.</summary>
    public PostgresServer Server(int datacenter) => _servers[datacenter];

    /// <summary>The store as grains of a silo have it.</summary>
    public IStore Store(int datacenter, int silo) =>
        new GrainStore(Service<IStoreRouter>(datacenter, silo), new GrainStoreOptions { Timeout = TimeSpan.FromSeconds(20) }, TimeProvider.System);

    /// <summary>Which silo of a datacenter holds its links; -1 for none, as far as its silos know.</summary>
    public int HolderOf(int datacenter) => Enumerable.Range(0, Silos).FirstOrDefault(
        silo => _silos[Index(datacenter, silo)] is not null && Engine(datacenter, silo).Datacenter.Switch!.Holder == Service<ISiloCluster>(datacenter, silo).Self, -1);

    public async Task StartSiloAsync(int datacenter, int silo) => _silos[Index(datacenter, silo)] = await OrleansDatacenter.StartAsync(Options(datacenter, silo), NullLoggerFactory.Instance);

    /// <summary>Ends a silo in good order.</summary>
    public Task StopSiloAsync(int datacenter, int silo) => Take(datacenter, silo).StopAsync();

    /// <summary>Ends a silo without handing anything over; its claim is released all the same, as only a killed process would not.</summary>
    public ValueTask AbortSiloAsync(int datacenter, int silo) => Take(datacenter, silo).DisposeAsync();

    public async Task ReadyAsync()
    {
        foreach (var silo in _silos.OfType<OrleansDatacenter>())
        {
            var reason = silo.Store.NotReadyReason;
            await Until.TrueAsync($"{silo.Name} is ready ({reason})", () => silo.Store.NotReadyReason is null, seconds: 60);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_silos.OfType<OrleansDatacenter>().Select(silo => silo.DisposeAsync().AsTask()));
        await Task.WhenAll(_servers.OfType<PostgresServer>().Select(server => server.DisposeAsync().AsTask()));
    }

    internal StoreEngine Engine(int datacenter, int silo) => Service<StoreEngine>(datacenter, silo);

    internal BucketActivations Activations(int datacenter, int silo) => Service<BucketActivations>(datacenter, silo);

    internal OrleansDatacenterOptions Options(int datacenter, int silo, string? name = null) => new()
    {
        SiloPort = _siloPort + Index(datacenter, silo),
        GatewayPort = _gatewayPort + Index(datacenter, silo),
        Clustering = builder => builder.Services.AddSingleton<IMembershipTable>(_memberships[datacenter]),
        Store = new OrleansStoreOptions
        {
            Datacenter = name ?? Name(datacenter),
            Postgres = _databases[datacenter],
            Security = _security(name ?? Name(datacenter)),
            BucketCount = Buckets,
            Buckets = new SiloOptions { HibernateAfter = _hibernateAfter },
            Remotes = Enumerable.Range(0, Datacenters).Where(other => other != datacenter).ToDictionary(Name, GatewaysOf),
        },
    };

    private IReadOnlyList<PeerEndpoint> GatewaysOf(int datacenter) =>
        [.. Enumerable.Range(0, Silos).Select(silo => new PeerEndpoint("127.0.0.1", _gatewayPort + Index(datacenter, silo)))];

    private OrleansDatacenter Take(int datacenter, int silo)
    {
        var taken = _silos[Index(datacenter, silo)]!;
        _silos[Index(datacenter, silo)] = null;
        return taken;
    }

    private T Service<T>(int datacenter, int silo)
        where T : notnull => _silos[Index(datacenter, silo)]!.Services.GetRequiredService<T>();

    private static int Index(int datacenter, int silo) => (datacenter * Silos) + silo;

    private static string Name(int datacenter) => $"dc{datacenter + 1}";
}
