using Npgsql;
using OrleansStore.Integration.Harness;
using OrleansStore.Storage.Testing.Postgres;

namespace OrleansStore.Grains.Tests.Harness;

/// <summary>Three datacenters of two silos each, every silo a process, every datacenter with a PostgreSQL server of its own, which also holds Orleans' clustering tables.</summary>
internal sealed class PairProcesses : IAsyncDisposable
{
    public const int Datacenters = 3;
    public const int Silos = 2;

    /// <summary>The variable that names the folder of Orleans' scripts for PostgreSQL: they are not part of its packages, nor of this project.</summary>
    public const string ScriptsVariable = "ORLEANS_SQL";

    private static readonly string[] Scripts = ["PostgreSQL-Main.sql", "PostgreSQL-Clustering.sql"];

    private readonly TestFolder _folder = new();
    private readonly PostgresServer[] _servers = new PostgresServer[Datacenters];
    private readonly string[] _databases = new string[Datacenters];
    private readonly SiloRun?[] _runs = new SiloRun?[Datacenters * Silos];
    private readonly int _httpPort = FreePorts.Take(Datacenters * Silos);
    private readonly int _siloPort = FreePorts.Take(Datacenters * Silos);
    private readonly int _gatewayPort = FreePorts.Take(Datacenters * Silos);

    private PairProcesses() =>
        Clients = [.. Enumerable.Range(0, Datacenters * Silos).Select(i => new StoreClient(new Uri($"http://127.0.0.1:{_httpPort + i}")))];

    /// <summary>Why tests cannot start these processes here; null where they can.</summary>
    public static string? Absence =>
        PostgresBinaries.Absence ?? (Scripts.All(script => FindScript(script) is not null) ? null
            : $"{ScriptsVariable} does not name a folder with {string.Join(" and ", Scripts)}: they stand in the source of Orleans, version 10.4.");

    /// <summary>A client per silo.</summary>
    public IReadOnlyList<StoreClient> Clients { get; }

    public static int Index(int datacenter, int silo) => (datacenter * Silos) + silo;

    public static async Task<PairProcesses> StartAsync()
    {
        var processes = new PairProcesses();
        await Task.WhenAll(Enumerable.Range(0, Datacenters).Select(processes.StartServerAsync));
        for (var i = 0; i < processes._runs.Length; i++)
        {
            processes.Start(i);
        }

        foreach (var run in processes._runs)
        {
            // Six processes start at once, on as many cores as there are.
            await Until.TrueAsync("a silo is ready", () => run!.Output.Contains("ready: ", StringComparison.Ordinal), seconds: 120);
        }

        return processes;
    }

    /// <summary>The process of a silo.</summary>
    public SiloRun this[int index] => _runs[index]!;

    public void Start(int index)
    {
        var datacenter = index / Silos;
        var remotes = string.Join(',', Enumerable.Range(0, Datacenters * Silos).Where(other => other / Silos != datacenter).Select(other => $"{Name(other / Silos)}=127.0.0.1:{_gatewayPort + other}"));
        _runs[index] = new SiloRun(
            _folder.Path,
            $"--engine orleans --datacenter {Name(datacenter)} --http 127.0.0.1:{_httpPort + index} --silo-port {_siloPort + index} --gateway-port {_gatewayPort + index} "
            + $"--clustering postgres --storage postgres --remotes {remotes} --buckets 32 --primary dc1",
            ("ORLEANSSTORE__POSTGRES", _databases[datacenter]));
    }

    /// <summary>Which silo of a datacenter said last that it holds the links.</summary>
    public int HolderOf(int datacenter) => Enumerable.Range(Index(datacenter, 0), Silos).First(
        i => _runs[i]!.Errors.Split('\n').LastOrDefault(line => line.Contains("links of its datacenter", StringComparison.Ordinal)) is { } line && line.Contains("holds", StringComparison.Ordinal));

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

        foreach (var server in _servers.OfType<PostgresServer>())
        {
            await server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task StartServerAsync(int datacenter)
    {
        var server = _servers[datacenter] = await PostgresServer.StartAsync();
        _databases[datacenter] = await server.CreateStoreAsync();
        var builder = new NpgsqlConnectionStringBuilder(_databases[datacenter]);
        foreach (var script in Scripts)
        {
            await server.ExecuteAsync(builder.Database!, await File.ReadAllTextAsync(FindScript(script)!));
        }

        await server.ExecuteAsync(builder.Database!, $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {builder.Username}");
    }

    // Either all in one folder, or as they lie in the source.
    private static string? FindScript(string name) =>
        Environment.GetEnvironmentVariable(ScriptsVariable) is { Length: > 0 } folder && Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, name, SearchOption.AllDirectories).FirstOrDefault()
            : null;

    private static string Name(int datacenter) => $"dc{datacenter + 1}";
}
