using Microsoft.Extensions.Logging.Abstractions;
using OrleansStore.Storage.Databases;
using OrleansStore.Storage.Postgres;
using OrleansStore.Storage.Testing;
using OrleansStore.Storage.Tests.Contract;

namespace OrleansStore.Storage.Tests.Postgres;

/// <summary>Opens storage on a database, as one silo of several would.</summary>
internal static class PostgresProcess
{
    /// <summary>Opens it.</summary>
    /// <param name="connectionString">Of a database with the schema.</param>
    /// <param name="configure">What is different from the default; null for nothing.</param>
    /// <param name="time">The clocks; null for the system's.</param>
    public static async Task<StorageProcess> StartAsync(string connectionString, DatabaseOptions? configure = null, TimeProvider? time = null)
    {
        var home = await OpenHomeAsync(connectionString, configure, time);
        if (home.Identity is null)
        {
            await home.TryHoldLinksAsync(CancellationToken.None);
            await home.InitializeAsync(StorageHost.Identity);
        }

        var completions = new AwaitedCompletions();
        var storage = await DatabaseReplicaStorage.OpenAsync(home, completions);
        return new StorageProcess(storage, completions, async () =>
        {
            await storage.DisposeAsync();
            await home.DisposeAsync();
        });
    }

    public static ValueTask<DatabaseHome> OpenHomeAsync(string connectionString, DatabaseOptions? configure = null, TimeProvider? time = null) => PostgresHome.OpenAsync(
        new PostgresOptions { ConnectionString = connectionString, Database = configure ?? new DatabaseOptions { Owner = "a test", MaxBatchBytes = 64 << 10 } },
        TaskScheduler.Default,
        time ?? TimeProvider.System,
        new UniqueRandomSource(),
        NullLogger.Instance,
        CancellationToken.None);

    // Ids of claims must differ in every run; nothing else is drawn.
    private sealed class UniqueRandomSource : IRandomSource
    {
        public ulong NextUInt64() => BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8));
    }
}
