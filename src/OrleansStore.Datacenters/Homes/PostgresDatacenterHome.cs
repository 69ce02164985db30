using System.Globalization;
using Microsoft.Extensions.Logging;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Storage;
using OrleansStore.Storage.Databases;
using OrleansStore.Storage.Postgres;

namespace OrleansStore.Datacenters.Homes;

/// <summary>A PostgreSQL database, claimed for this process alone: what the lock is to a folder.</summary>
internal sealed class PostgresDatacenterHome : IDatacenterHome
{
    private readonly DatabaseHome _home;
    private DatabaseReplicaStorage? _storage;

    private PostgresDatacenterHome(DatabaseHome home)
    {
        _home = home;
        Formation = new DatabaseFormationHome(home);
    }

    public IFormationHome Formation { get; }

    /// <summary>Connects and takes the claim. After a process that was killed this waits until its claim has run out.</summary>
    public static async ValueTask<PostgresDatacenterHome> OpenAsync(DatacenterOptions options, string connectionString, TimeProvider time, ILogger logger)
    {
        var database = new PostgresOptions
        {
            ConnectionString = PostgresConnectionText.For(connectionString, options.Datacenter),
            Database = new DatabaseOptions
            {
                Owner = string.Create(CultureInfo.InvariantCulture, $"{options.Datacenter}, process {Environment.ProcessId} on {Environment.MachineName}"),
                IsExclusive = true,
                MaxBatchBytes = options.Storage.MaxBatchBytes,
            },
        };
        return new PostgresDatacenterHome(
            await PostgresHome.OpenAsync(database, TaskScheduler.Default, time, new CryptographicRandomSource(), logger, CancellationToken.None));
    }

    public async ValueTask<IReplicaStorage> OpenStorageAsync(ILogCompletions completions) =>
        _storage = await DatabaseReplicaStorage.OpenAsync(_home, completions);

    public async ValueTask DisposeAsync()
    {
        if (_storage is { } storage)
        {
            await storage.DisposeAsync();
        }

        await _home.DisposeAsync();
    }
}
