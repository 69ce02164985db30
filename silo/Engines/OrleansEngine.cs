using System.Data.Common;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansStore.Grains.Hosting;
using OrleansStore.Service;
using OrleansStore.Silo.Settings;
using OrleansStore.Storage.Postgres;

namespace OrleansStore.Silo.Engines;

/// <summary>The Orleans engine; in the flavour that has it.</summary>
internal sealed class OrleansEngine(OrleansDatacenter datacenter) : IDatacenterEngine
{
    // PostgreSQL's code for a table that is not there.
    private const string UndefinedTable = "42P01";

    public string Name => datacenter.Name;

    public IStoreService Store => datacenter.Store;

    public Task Completion => datacenter.Completion;

    public static async Task<IDatacenterEngine> StartAsync(OrleansSettings settings, ILoggerFactory loggers, TimeProvider time)
    {
        try
        {
            return new OrleansEngine(await OrleansDatacenter.StartAsync(ToOptions(settings, time), loggers));
        }
        catch (DbException reason) when (settings.Clustering == ClusteringKind.Postgres)
        {
            // Of the database of the store, its own layer speaks; this is what the runtime met in its tables.
            throw new StoreException(
                ErrorCode.StorageFailed,
                reason.SqlState == UndefinedTable
                    ? "The database has no tables for Orleans' clustering. Run PostgreSQL-Main.sql and PostgreSQL-Clustering.sql there, which stand in the source of Orleans, version 10.4."
                    : $"Orleans' clustering cannot use the database: {reason.Message}",
                innerException: reason);
        }
    }

    // The options of the store say how long a stop waits; they have the same patience.
    public Task StopAsync(TimeSpan patience) => datacenter.StopAsync();

    public ValueTask DisposeAsync() => datacenter.DisposeAsync();

    private static Action<ISiloBuilder>? ClusteringOf(OrleansSettings settings) => settings.Clustering == ClusteringKind.Localhost ? null : silo =>
        silo.UseAdoNetClustering((AdoNetClusteringSiloOptions clustering) =>
            (clustering.Invariant, clustering.ConnectionString) = ("Npgsql", PostgresConnectionText.For(settings.Postgres!, settings.Datacenter)));

    private static OrleansDatacenterOptions ToOptions(OrleansSettings settings, TimeProvider time) => new()
    {
        Address = settings.Address,
        SiloPort = settings.SiloPort,
        GatewayPort = settings.GatewayPort,
        Clustering = ClusteringOf(settings),
        Store = new OrleansStoreOptions
        {
            Datacenter = settings.Datacenter,
            Remotes = settings.Remotes.ToDictionary(),
            DataDirectory = settings.DataDirectory,
            Postgres = settings.Postgres,
            BucketCount = settings.BucketCount,
            Primary = settings.Primary,
            Security = settings.Security,
            Time = time,
        },
    };
}
