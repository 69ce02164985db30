using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Integration.Harness;

/// <summary>Three datacenters, each a process of its own.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    public const int Size = 3;

    private readonly TestFolder _folder = new();
    private readonly string _peers;
    private readonly int _httpPort = FreePorts.Take(Size);
    private readonly SiloRun?[] _runs = new SiloRun?[Size];

    private readonly Func<string, string> _flags;

    private Cluster(Func<string, string> flags)
    {
        _flags = flags;
        var peerPort = FreePorts.Take(Size);
        _peers = string.Join(',', Enumerable.Range(0, Size).Select(i => $"{Name(i)}=127.0.0.1:{peerPort + i}"));
        Clients = [.. Enumerable.Range(0, Size).Select(i => new StoreClient(new Uri($"http://127.0.0.1:{_httpPort + i}")))];
    }

    public IReadOnlyList<StoreClient> Clients { get; }

    public SiloRun this[int datacenter] => _runs[datacenter]!;

    /// <summary>Starts three processes with an empty store and waits until they are ready.</summary>
    /// <param name="flags">Returns flags for the datacenter of a name, in addition to those that every one has.</param>
    public static async Task<Cluster> StartAsync(Func<string, string>? flags = null)
    {
        var cluster = new Cluster(flags ?? (_ => string.Empty));
        cluster.StartAll();
        await cluster.ReadyAsync();
        return cluster;
    }

    public static int[] Others(int datacenter) => [.. Enumerable.Range(0, Size).Where(i => i != datacenter)];

    public void Start(int datacenter)
    {
        var name = Name(datacenter);
        _runs[datacenter] = new SiloRun(_folder.Path, $"--datacenter {name} --http 127.0.0.1:{_httpPort + datacenter} --peers {_peers} --data . {_flags(name)}");
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
        foreach (var run in _runs)
        {
            if (run is not null)
            {
                await run.DisposeAsync();
            }
        }

        foreach (var client in Clients)
        {
            client.Dispose();
        }

        _folder.Dispose();
    }

    private static string Name(int datacenter) => $"dc{datacenter + 1}";
}
