using Npgsql;
using NpgsqlTypes;
using OrleansStore.Storage.Databases;

namespace OrleansStore.Storage.Postgres;

/// <summary>The database port on PostgreSQL. <c>infra/postgres</c> has the tables.</summary>
/// <remarks>Statements commit by themselves but for two short transactions (<c>PostgresDatabase.Replicas</c>, <c>PostgresDatabase.Snapshots</c>). Flushes and claims have a connection each, so
/// that nothing waits in front of them; everything else takes one of the pool.</remarks>
internal sealed partial class PostgresDatabase : IReplicaDatabase
{
    private readonly NpgsqlDataSource _pool;
    private readonly NpgsqlDataSource _flushes;
    private readonly NpgsqlDataSource _claims;
    private readonly PostgresLane _flushLane;
    private readonly PostgresLane _claimLane;

    /// <summary>Connects when it is first asked for something.</summary>
    public PostgresDatabase(PostgresOptions options)
    {
        var builder = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            ApplicationName = "OrleansStore",
            CommandTimeout = Math.Max(1, (int)options.StatementTimeout.TotalSeconds),
            NoResetOnClose = true,
            Pooling = true,
            MinPoolSize = 0,
            MaxPoolSize = Math.Max(1, options.MaxSharedConnections),
        };
        Name = PostgresConnectionText.Describe(builder);
        _pool = Build(builder);
        builder.Pooling = false;
        _flushes = Build(builder);
        builder.CommandTimeout = Math.Max(1, (int)options.Database.RenewalInterval.TotalSeconds);
        builder.Timeout = Math.Max(1, Math.Min(builder.Timeout, (int)options.Database.ClaimDuration.TotalSeconds));
        _claims = Build(builder);
        _flushLane = new PostgresLane(_flushes, Name);
        _claimLane = new PostgresLane(_claims, Name);
    }

    public string Name { get; }

    public async ValueTask CheckAsync(CancellationToken cancellationToken)
    {
        var version = await PoolAsync(connection => PostgresSchema.ReadVersionAsync(connection, cancellationToken), cancellationToken);
        if (version != PostgresSchema.Version)
        {
            throw new StoreException(
                ErrorCode.UnsupportedFormat,
                version == 0 ? $"{Name} has no schema of a store. Apply it: ostore schema apply --postgres \"…\""
                : version < PostgresSchema.Version ? $"{Name} has version {version} of the schema; this release needs {PostgresSchema.Version}. Apply it: ostore schema apply --postgres \"…\""
                : $"{Name} has version {version} of the schema; this release knows versions up to {PostgresSchema.Version}.");
        }

        if (await QueryAsync("SELECT current_setting('fsync') = 'on'", [], reader => reader.GetBoolean(0), cancellationToken) is not [true])
        {
            throw new StoreException(ErrorCode.StorageFailed, $"{Name} runs with fsync off: a crash of its machine would lose what was acknowledged. Nothing is stored there.");
        }
    }

    public async ValueTask<HomeRow> ReadHomeAsync(CancellationToken cancellationToken)
    {
        var rows = await QueryAsync(
            "SELECT record, identity FROM orleansstore.home", [], reader => new HomeRow(BytesOrNull(reader, 0), BytesOrNull(reader, 1)), cancellationToken);
        return rows.Count > 0 ? rows[0] : default;
    }

    public async ValueTask<bool> WriteHomeAsync(ClaimId claim, HomeRow row, CancellationToken cancellationToken)
    {
        // The share lock keeps others from finding the claim expired before this is committed.
        const string text = """
            WITH held AS (SELECT FROM orleansstore.claim WHERE claim_id = $1 FOR SHARE)
            INSERT INTO orleansstore.home AS h (record, identity)
            SELECT $2, $3 FROM held
            ON CONFLICT (only_row) DO UPDATE SET record = coalesce(excluded.record, h.record), identity = coalesce(excluded.identity, h.identity)
            RETURNING 1
            """;
        var written = await QueryAsync(
            text, [Uuid(claim), Value(row.Record, NpgsqlDbType.Bytea), Value(row.Identity, NpgsqlDbType.Bytea)], reader => reader.GetInt32(0), cancellationToken);
        return written.Count > 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _flushLane.DisposeAsync();
        await _claimLane.DisposeAsync();
        await _pool.DisposeAsync();
        await _flushes.DisposeAsync();
        await _claims.DisposeAsync();
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder builder)
    {
        var source = new NpgsqlDataSourceBuilder(builder.ConnectionString);

        // A commit that is confirmed is on disk, whatever the server or the login is set to; a stronger setting stays.
        const string durable = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')";
        source.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(durable, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(durable, connection);
                await command.ExecuteNonQueryAsync();
            });
        return source.Build();
    }

    private static NpgsqlParameter Uuid(ClaimId claim) => new() { Value = claim.Value, NpgsqlDbType = NpgsqlDbType.Uuid };

    private static NpgsqlParameter Value(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static NpgsqlParameter Number(long value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter Number(ulong value) => Number(unchecked((long)value));

    private static NpgsqlParameter Numbers(long[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };

    private static NpgsqlParameter Buckets(IReadOnlyCollection<BucketId> buckets) => Numbers([.. buckets.Select(bucket => (long)bucket.Packed)]);

    private static NpgsqlParameter BucketsOf(IReadOnlyCollection<ReplicaWriter> writers) => Numbers([.. writers.Select(writer => (long)writer.Bucket.Packed)]);

    private static NpgsqlParameter EpochsOf(IReadOnlyCollection<ReplicaWriter> writers) => Numbers([.. writers.Select(writer => unchecked((long)writer.Epoch.Value))]);

    private static ulong Unsigned(NpgsqlDataReader reader, int column) => unchecked((ulong)reader.GetInt64(column));

    private static byte[]? BytesOrNull(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    private static ReplicaWriter WriterAt(NpgsqlDataReader reader) => new(BucketAt(reader), new WriterEpoch(Unsigned(reader, 1)));

    private static BucketId BucketAt(NpgsqlDataReader reader) => BucketId.TryUnpack(Unsigned(reader, 0), out var bucket)
        ? bucket
        : throw new CorruptionException("table orleansstore.replica", 0, "a bucket id", $"{Unsigned(reader, 0)}");

    /// <summary>Runs a statement on a connection of the pool and reads all its rows.</summary>
    private ValueTask<List<T>> QueryAsync<T>(string text, IReadOnlyList<NpgsqlParameter> parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        PoolAsync(connection => QueryAsync(connection, text, parameters, read, cancellationToken), cancellationToken);

    private static async Task<List<T>> QueryAsync<T>(
        NpgsqlConnection connection, string text, IReadOnlyList<NpgsqlParameter> parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(text, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await ReadAllAsync(reader, read, cancellationToken);
    }

    private static async Task<List<T>> ReadAllAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Runs a statement on the claim's connection and reads all its rows.</summary>
    private ValueTask<List<T>> ClaimAsync<T>(string text, IReadOnlyList<NpgsqlParameter> parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        _claimLane.ExecuteAsync(text, parameters, async reader => await ReadAllAsync(reader, read, cancellationToken), cancellationToken);

    private async ValueTask<T> PoolAsync<T>(Func<NpgsqlConnection, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _pool.OpenConnectionAsync(cancellationToken);
            return await call(connection);
        }
        catch (Exception exception) when (PostgresErrors.IsKnown(exception))
        {
            throw PostgresErrors.Translate(exception, Name);
        }
    }
}
