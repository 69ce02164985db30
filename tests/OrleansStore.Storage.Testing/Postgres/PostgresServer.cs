using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using OrleansStore.Storage.Postgres;

namespace OrleansStore.Storage.Testing.Postgres;

/// <summary>A throw-away PostgreSQL server with a data folder and a port of its own, run by another user where this process is root's. Stopped by its process id.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Template = "store_template";
    private const string RuntimeLogin = "store_runtime";
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly string? _user;
    private readonly List<string> _settings;
    private readonly Lock _gate = new();
    private Process? _process;
    private int _databases;

    private PostgresServer(string folder, string? user, List<string> settings)
    {
        _folder = folder;
        _user = user;
        _settings = settings;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Where it listens, on 127.0.0.1. The same after a restart.</summary>
    public int Port { get; }

    /// <summary>The end of what the server wrote about itself.</summary>
    public string Log => File.Exists(LogPath) ? string.Join('\n', File.ReadLines(LogPath).TakeLast(40)) : string.Empty;

    private string DataPath => Path.Combine(_folder, "data");

    private string LogPath => Path.Combine(_folder, "log");

    /// <summary>Sets a server up and starts it.</summary>
    /// <param name="dataParent">Where its folder goes; null for a temporary one.</param>
    /// <param name="settings">Further settings, such as <c>max_wal_size=64MB</c>.</param>
    public static async Task<PostgresServer> StartAsync(string? dataParent = null, params IReadOnlyList<string> settings)
    {
        var folder = dataParent is null ? Directory.CreateTempSubdirectory("store-postgres-").FullName : Directory.CreateDirectory(Path.Combine(dataParent, "postgres")).FullName;
        var user = Environment.UserName == "root" ? FindUser() : null;
        var server = new PostgresServer(folder, user, [.. settings]);
        try
        {
            if (user is not null)
            {
                await RunAsync("chown", [user, folder]);
            }

            var initdb = Path.Combine(PostgresBinaries.Folder!, "initdb");
            await RunAsync(server.Program(initdb), server.Arguments(initdb, ["-D", server.DataPath, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]));
            await server.StartAgainAsync();
            await server.PrepareAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it, and waits until it serves. Whatever ended before, it recovers from.</summary>
    public async Task StartAgainAsync()
    {
        var end = TimeProvider.System.GetUtcNow() + StartPatience;
        while (true)
        {
            _process = Launch();
            while (!_process.HasExited)
            {
                if (await ServesAsync())
                {
                    return;
                }

                if (TimeProvider.System.GetUtcNow() > end)
                {
                    throw new TimeoutException($"PostgreSQL does not serve after {StartPatience}:\n{Log}");
                }

                await Task.Delay(50);
            }

            // Children of a server that was killed may still hold its memory for a moment.
            if (TimeProvider.System.GetUtcNow() > end)
            {
                throw new InvalidOperationException($"PostgreSQL does not start:\n{Log}");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Ends the server at once, as a crash of the program does.</summary>
    public Task KillAsync() => SignalAsync("KILL");

    /// <summary>Ends the server without a checkpoint; the next start recovers from its log.</summary>
    public Task StopImmediatelyAsync() => SignalAsync("QUIT");

    /// <summary>Ends the server in good order, but breaks all connections.</summary>
    public Task StopAsync() => SignalAsync("INT");


    /// <summary>Creates a database with the schema, and gives its connection string for a login that may read and write rows and nothing else.</summary>
    public async Task<string> CreateStoreAsync()
    {
        var name = $"store_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {Template}");
        return ConnectionString(name, RuntimeLogin);
    }

    /// <summary>Creates a database without anything in it, and gives its connection string for the administrator.</summary>
    public async Task<string> CreateEmptyAsync(string? name = null)
    {
        name ??= $"empty_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name}");
        return ConnectionString(name, "postgres");
    }

    /// <summary>Runs a statement as administrator.</summary>
    public async Task<object?> ExecuteAsync(string database, string statement)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database, "postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Ends every connection to a database but those of the administrator.</summary>
    public Task TerminateConnectionsAsync(string database) => ExecuteAsync(
        "postgres", $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}' AND usename = '{RuntimeLogin}'");

    /// <summary>The connection string of a database.</summary>
    public string ConnectionString(string database, string login) => $"Host=127.0.0.1;Port={Port};Database={database};Username={login};Timeout=3";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopImmediatelyAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task PrepareAsync()
    {
        await ExecuteAsync("postgres", $"CREATE DATABASE {Template}");
        await PostgresSchema.ApplyAsync(ConnectionString(Template, "postgres"), CancellationToken.None);
        await ExecuteAsync("postgres", $"CREATE ROLE {RuntimeLogin} LOGIN IN ROLE orleansstore_runtime");
    }

    private Process Launch()
    {
        var postgres = Path.Combine(PostgresBinaries.Folder!, "postgres");
        List<string> arguments = ["-D", DataPath, "-p", Port.ToString(CultureInfo.InvariantCulture)];
        foreach (var setting in (IEnumerable<string>)["listen_addresses=127.0.0.1", $"unix_socket_directories={_folder}", "shared_buffers=64MB", "max_connections=100", .. _settings])
        {
            arguments.AddRange(["-c", setting]);
        }

        var process = Start(Program(postgres), Arguments(postgres, arguments));
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    private void Keep(string? line)
    {
        lock (_gate)
        {
            if (line is not null && Directory.Exists(_folder))
            {
                File.AppendAllText(LogPath, line + "\n");
            }
        }
    }

    private async Task<bool> ServesAsync()
    {
        try
        {
            await ExecuteAsync("postgres", "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task SignalAsync(string signal)
    {
        if (_process is { HasExited: false } process)
        {
            await RunAsync("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync();
        }
    }

    // A server refuses to run as root. `setpriv` becomes the other user and then the program, under the same process id.
    private string Program(string program) => _user is null ? program : "setpriv";

    private List<string> Arguments(string program, List<string> arguments) =>
        _user is null ? arguments : [$"--reuid={_user}", "--clear-groups", program, .. arguments];

    private static string FindUser() => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private static async Task RunAsync(string program, IReadOnlyList<string> arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await errors}");
        }
    }

    private static Process Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
