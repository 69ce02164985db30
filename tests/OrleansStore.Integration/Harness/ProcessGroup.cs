using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Integration.Harness;

/// <summary>Three datacenters, each a process of its own. Which engine they run on the derived class says.</summary>
internal abstract class ProcessGroup : IAsyncDisposable
{
    public const int Size = 3;

    private readonly TestFolder _folder = new();
    private readonly int _httpPort = FreePorts.Take(Size);
    private readonly SiloRun?[] _runs = new SiloRun?[Size];
    private readonly Func<string, string> _flags;

    /// <param name="flags">Returns flags for the datacenter of a name, in addition to those that every one has; null for none.</param>
    protected ProcessGroup(Func<string, string>? flags)
    {
        _flags = flags ?? (_ => string.Empty);
        Clients = [.. Enumerable.Range(0, Size).Select(i => new StoreClient(new Uri($"http://127.0.0.1:{_httpPort + i}")))];
    }

    public IReadOnlyList<StoreClient> Clients { get; }

    public SiloRun this[int datacenter] => _runs[datacenter]!;

    public static int[] Others(int datacenter) => [.. Enumerable.Range(0, Size).Where(i => i != datacenter)];

    /// <summary>Starts a process.</summary>
    /// <param name="datacenter">Which.</param>
    /// <param name="flags">In place of the datacenter's own flags; null for those.</param>
    public void Start(int datacenter, string? flags = null)
    {
        var name = Name(datacenter);
        _runs[datacenter] = new SiloRun(_folder.Path, $"--datacenter {name} --http 127.0.0.1:{_httpPort + datacenter} {EngineFlags(datacenter)} --data . {flags ?? _flags(name)}");
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

    /// <summary>How a datacenter finds the others.</summary>
    protected abstract string EngineFlags(int datacenter);

    protected static string Name(int datacenter) => $"dc{datacenter + 1}";
}
