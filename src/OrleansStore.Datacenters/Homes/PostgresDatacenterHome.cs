using System.Globalization;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Storage;
using OrleansStore.Storage.Databases;
using OrleansStore.Storage.Postgres;

namespace OrleansStore.Datacenters.Homes;

/// <summary>A PostgreSQL database: claimed for this process alone, which is what the lock is to a folder, or shared by the silos of the datacenter.</summary>
internal sealed class PostgresDatacenterHome : IDatacenterHome
{
    // How long the buckets of a silo that died are silent, and how long its links are nobody's; also how long the database may be away before buckets fall silent.
    private static readonly TimeSpan SharedClaimDuration = TimeSpan.FromSeconds(2);

    private readonly DatabaseHome _home;
    private DatabaseReplicaStorage? _storage;

    private PostgresDatacenterHome(DatabaseHome home)
    {
        _home = home;
        Formation = new DatabaseFormationHome(home);
    }

    public IFormationHome Formation { get; }

    /// <summary>Connects and takes the claim. One that is to be exclusive waits until that of a process that was killed has run out.</summary>
    /// <param name="options">Of the datacenter.</param>
    /// <param name="connectionString">Of the database.</param>
    /// <param name="isShared">Whether other silos of the datacenter use it, too.</param>
    /// <param name="environment">Clocks and the like.</param>
    public static async ValueTask<PostgresDatacenterHome> OpenAsync(DatacenterOptions options, string connectionString, bool isShared, DatacenterEnvironment environment)
    {
        var database = new PostgresOptions
        {
            ConnectionString = PostgresConnectionText.For(connectionString, options.Datacenter),
            Database = new DatabaseOptions
            {
                Owner = string.Create(CultureInfo.InvariantCulture, $"{options.Datacenter}, process {Environment.ProcessId} on {Environment.MachineName}"),
                IsExclusive = !isShared,
                ClaimDuration = isShared ? SharedClaimDuration : new DatabaseOptions { Owner = options.Datacenter }.ClaimDuration,
                MaxBatchBytes = options.Storage.MaxBatchBytes,
            },
        };
        return new PostgresDatacenterHome(
            await PostgresHome.OpenAsync(database, environment.TurnScheduler, environment.Time, environment.Random, environment.Logger, CancellationToken.None));
    }

    /// <summary>Tries to make this silo the one of several that holds the links, and may form the store.</summary>
    /// <returns>Null where another one does.</returns>
    public ValueTask<LinkHolding?> TryHoldLinksAsync(CancellationToken cancellationToken) => _home.TryHoldLinksAsync(cancellationToken);

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
