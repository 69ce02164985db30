using System.Globalization;
using Npgsql;

namespace OrleansStore.Storage.Postgres;

/// <summary>The versions of the schema: the scripts of <c>infra/postgres</c>, which this assembly carries, so that tool and files are one text.</summary>
public static class PostgresSchema
{
    /// <summary>The version that this release reads and writes.</summary>
    public const int Version = 2;

    private const string RolesScript = "roles.sql";

    /// <summary>Which version a database has; 0 for none.</summary>
    /// <param name="connectionString">Of the database.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="StoreException">The database cannot be reached, or refuses the question.</exception>
    public static async Task<int> ReadVersionAsync(string connectionString, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        return await RunAsync(connectionString, connection => ReadVersionAsync(connection, cancellationToken), cancellationToken);
    }

    /// <summary>Brings a database to <see cref="Version"/>: creates the role that stores run as if that is missing and the login may, then runs every script that was not run. What was
    /// applied before is left as it is.</summary>
    /// <param name="connectionString">Of the database, with a login that may create a schema in it; it owns the schema from then on and is not for running stores.</param>
    /// <param name="cancellationToken">Ends the call; each script is applied as a whole or not at all.</param>
    /// <returns>The versions that were applied now; none if there was nothing to do.</returns>
    /// <exception cref="StoreException">The database cannot be reached, refuses a statement, or has a newer schema than this release knows.</exception>
    public static async Task<IReadOnlyList<int>> ApplyAsync(string connectionString, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        return await RunAsync(connectionString, connection => ApplyAsync(connection, cancellationToken), cancellationToken);
    }

    internal static async Task<int> ReadVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await ScalarAsync(connection, "SELECT to_regclass('orleansstore.schema_version') IS NOT NULL", cancellationToken) is not true)
        {
            return 0;
        }

        return await ScalarAsync(connection, "SELECT coalesce(max(version), 0) FROM orleansstore.schema_version", cancellationToken) is int version ? version : 0;
    }

    private static async Task<IReadOnlyList<int>> ApplyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var present = await ReadVersionAsync(connection, cancellationToken);
        if (present > Version)
        {
            throw new StoreException(ErrorCode.UnsupportedFormat, $"The schema has version {present}; this release knows versions up to {Version}.");
        }

        List<int> applied = [];
        for (var version = present + 1; version <= Version; version++)
        {
            if (version == 1 && await ScalarAsync(connection, "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user", cancellationToken) is true)
            {
                await ExecuteAsync(connection, ReadScript(RolesScript), cancellationToken);
            }

            await ExecuteAsync(connection, ReadScript(NameOf(version)), cancellationToken);
            applied.Add(version);
        }

        return applied;
    }

    /// <summary>The text of a script.</summary>
    /// <param name="name">Its file name, such as <c>0001-initial.sql</c>.</param>
    internal static string ReadScript(string name)
    {
        using var stream = typeof(PostgresSchema).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The script {name} is not part of this assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string NameOf(int version)
    {
        var prefix = version.ToString("0000-", CultureInfo.InvariantCulture);
        return typeof(PostgresSchema).Assembly.GetManifestResourceNames().Single(name => name.StartsWith(prefix, StringComparison.Ordinal));
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(text, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<T> RunAsync<T>(string connectionString, Func<NpgsqlConnection, Task<T>> call, CancellationToken cancellationToken)
    {
        // Not pooled: whoever applies a schema is gone afterwards.
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        try
        {
            await using var connection = new NpgsqlConnection(builder.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return await call(connection);
        }
        catch (Exception exception) when (PostgresErrors.IsKnown(exception))
        {
            throw PostgresErrors.Translate(exception, PostgresConnectionText.Describe(builder));
        }
    }
}
