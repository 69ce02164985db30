using OrleansStore.Storage.Databases;

namespace OrleansStore.Storage.Postgres;

/// <summary>How storage uses a PostgreSQL database.</summary>
public sealed class PostgresOptions
{
    /// <summary>The connection string of Npgsql. Its login is a member of <c>orleansstore_runtime</c>; the schema was applied before. Its timeout for connecting is respected;
    /// sizes of pools are not.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Claims, queues and times.</summary>
    public required DatabaseOptions Database { get; init; }

    /// <summary>How many connections openings, snapshots and reads share; flushes and claims have one each beside them. Default 8; at least 1. A storm of openings waits in front of them, and
    /// not in the server, which forks a process for each.</summary>
    public int MaxSharedConnections { get; init; } = 8;

    /// <summary>How long one statement may take before its connection is given up and its outcome unknown. Default 10 s; at least 1 s, whole seconds. Statements of the claim take a third
    /// of the claim's duration at most.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
