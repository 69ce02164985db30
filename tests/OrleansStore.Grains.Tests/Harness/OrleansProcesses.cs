using OrleansStore.Integration.Harness;

namespace OrleansStore.Grains.Tests.Harness;

/// <summary>Three datacenters on the Orleans engine, each a process of its own.</summary>
internal sealed class OrleansProcesses : IAsyncDisposable
{
    public const int Size = 3;

    private readonly TestFolder _folder = new();
    private readonly int _httpPort = FreePorts.Take(Size);
    private readonly int _siloPort = FreePorts.Take(Size);
    private readonly int _gatewayPort = FreePorts.Take(Size);
    private readonly SiloRun?[] _runs = new SiloRun?[Size];
    private readonly Func<string, string> _flags;

    private OrleansProcesses(Func<string, string> flags)
    {
        _flags = flags;
        Clients = [.. Enumerable.Range(0, Size).Select(i => new StoreClient(new Uri($"http://127.0.0.1:{_httpPort + i}")))];
    }

    public IReadOnlyList<StoreClient> Clients { get; }

    public SiloRun this[int datacenter] => _runs[datacenter]!;

    /// <summary>Starts three processes with an empty store and waits until they are ready.</summary>
    /// <param name="flags">Returns flags for the datacenter of a name, in addition to those that every one has.</param>
    public static async Task<OrleansProcesses> StartAsync(Func<string, string>? flags = null)
    {
        var cluster = new OrleansProcesses(flags ?? (_ => string.Empty));
        cluster.StartAll();
        await cluster.ReadyAsync();
        return cluster;
    }

    public static int[] Others(int datacenter) => [.. Enumerable.Range(0, Size).Where(i => i != datacenter)];

    public void Start(int datacenter, string? flags = null)
    {
        var remotes = string.Join(',', Others(datacenter).Select(i => $"{Name(i)}=127.0.0.1:{_gatewayPort + i}"));
        _runs[datacenter] = new SiloRun(
            _folder.Path,
            $"--engine orleans --datacenter {Name(datacenter)} --http 127.0.0.1:{_httpPort + datacenter} --silo-port {_siloPort + datacenter} --gateway-port {_gatewayPort + datacenter} " +
            $"--remotes {remotes} --data . {flags ?? _flags(Name(datacenter))}");
    }

    public void StartAll()
    {
        for (var i = 0; i < Size; i++)
        {
            Start(i);
        }
    }

    public async Task ReadyAsync()
    {
        foreach (var run in _runs)
        {
            await run!.ReadyAsync(1);
        }
    }

    public async Task KillAllAsync() => await Task.WhenAll(_runs.Select(run => run!.KillAsync()));

    public void Wipe(int datacenter) => Directory.Delete(_folder.Child(Name(datacenter)), recursive: true);

    public async ValueTask DisposeAsync()
    {
        foreach (var run in _runs.OfType<SiloRun>())
        {
            await run.DisposeAsync();
        }

        foreach (var client in Clients)
        {
            client.Dispose();
        }

        _folder.Dispose();
    }

    private static string Name(int datacenter) => $"dc{datacenter + 1}";
}
