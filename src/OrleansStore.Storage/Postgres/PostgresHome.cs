using Microsoft.Extensions.Logging;
using OrleansStore.Storage.Databases;

namespace OrleansStore.Storage.Postgres;

/// <summary>Opens the PostgreSQL database of a datacenter.</summary>
public static class PostgresHome
{
    /// <summary>Connects, checks the schema, takes a claim and reads whose data it is.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="scheduler">Runs the loops of claims and flushes, which never block: in production the default one.</param>
    /// <param name="time">The clocks: its timestamps are the monotonic clock that claims are counted on, and that <see cref="IReplicaClaim"/> is asked with.</param>
    /// <param name="random">Draws the ids of claims: in production a cryptographic source, since these must never repeat.</param>
    /// <param name="logger">Where to say what an operator should know.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>The database, claimed; the caller's.</returns>
    /// <exception cref="ArgumentException">An option is out of range, or the connection string is none.</exception>
    /// <exception cref="StoreException">The database cannot be reached; has no schema, or one of another release; would lose what was acknowledged (fsync is off); or, with an
    /// exclusive claim, is in use (<see cref="ErrorCode.DataFolderInUse"/>).</exception>
    /// <exception cref="CorruptionException">The identity is damaged, or missing beside data.</exception>
    public static async ValueTask<DatabaseHome> OpenAsync(
        PostgresOptions options, TaskScheduler scheduler, TimeProvider time, IRandomSource random, ILogger logger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(logger);
        if (PostgresConnectionText.FindMistake(options.ConnectionString) is { } mistake)
        {
            throw new ArgumentException($"The connection string is not right: {mistake}.", nameof(options));
        }

        options.Database.Validate();
        var database = new PostgresDatabase(options);
        return await DatabaseHome.OpenAsync(new DatabaseEnvironment(database, options.Database, scheduler, time, random, logger), cancellationToken);
    }
}
