using Npgsql;
using NpgsqlTypes;
using OrleansStore.Storage.Databases;

namespace OrleansStore.Storage.Postgres;

/// <content>Snapshots in chunks.</content>
internal sealed partial class PostgresDatabase
{
    private const short Taking = 1;
    private const short Receiving = 2;

    public async ValueTask<long?> StageSnapshotAsync(StagedSnapshot snapshot, CancellationToken cancellationToken)
    {
        const string stage = """
            WITH held AS (SELECT bucket, writer_epoch FROM orleansstore.replica WHERE bucket = $1 AND writer_epoch = $2 FOR SHARE)
            INSERT INTO orleansstore.snapshot (bucket, writer_epoch, state, revision, last_index, size_bytes, header)
            SELECT bucket, writer_epoch, $3, $4, $5, $6, '' FROM held
            RETURNING snapshot_id
            """;
        var staged = await QueryAsync(stage, Describe(snapshot), static reader => reader.GetInt64(0), cancellationToken);
        return staged.Count > 0 ? staged[0] : null;
    }

    public async ValueTask<(long Id, long StoredBytes)?> AdoptSnapshotAsync(StagedSnapshot snapshot, CancellationToken cancellationToken)
    {
        // Of several that fit, after outcomes that were unknown, the one that has most; the others go when the next writer is opened.
        const string adopt = """
            WITH held AS (SELECT bucket, writer_epoch FROM orleansstore.replica WHERE bucket = $1 AND writer_epoch = $2 FOR SHARE),
            dropped AS (
                DELETE FROM orleansstore.snapshot s USING held
                WHERE s.bucket = held.bucket AND s.state = $3 AND (s.revision, s.last_index, s.size_bytes) <> ($4, $5, $6)),
            found AS (
                SELECT s.snapshot_id, coalesce((SELECT sum(octet_length(data)) FROM orleansstore.snapshot_chunk c WHERE c.snapshot_id = s.snapshot_id), 0)::bigint AS bytes
                FROM orleansstore.snapshot s JOIN held USING (bucket)
                WHERE s.state = $3 AND (s.revision, s.last_index, s.size_bytes) = ($4, $5, $6)
                ORDER BY bytes DESC LIMIT 1)
            UPDATE orleansstore.snapshot s SET writer_epoch = $2 FROM found WHERE s.snapshot_id = found.snapshot_id
            RETURNING s.snapshot_id, found.bytes
            """;
        var adopted = await QueryAsync(adopt, Describe(snapshot), static reader => (reader.GetInt64(0), reader.GetInt64(1)), cancellationToken);
        return adopted.Count > 0 ? adopted[0] : null;
    }

    public async ValueTask<bool> WriteChunkAsync(long snapshot, int number, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        const string write = """
            WITH held AS (
                SELECT s.snapshot_id FROM orleansstore.snapshot s JOIN orleansstore.replica r USING (bucket, writer_epoch)
                WHERE s.snapshot_id = $1 AND s.state IN (1, 2) FOR SHARE OF r)
            INSERT INTO orleansstore.snapshot_chunk (snapshot_id, number, data) SELECT snapshot_id, $2, $3 FROM held
            ON CONFLICT (snapshot_id, number) DO UPDATE SET data = excluded.data
            RETURNING 1
            """;
        var written = await QueryAsync(
            write, [Number(snapshot), Value(number, NpgsqlDbType.Integer), Value(data, NpgsqlDbType.Bytea)], static reader => reader.GetInt32(0), cancellationToken);
        return written.Count > 0;
    }

    public async ValueTask<byte[]?> ReadChunkAsync(long snapshot, int number, CancellationToken cancellationToken)
    {
        const string read = "SELECT data FROM orleansstore.snapshot_chunk WHERE snapshot_id = $1 AND number = $2";
        var chunks = await QueryAsync(
            read, [Number(snapshot), Value(number, NpgsqlDbType.Integer)], static reader => reader.GetFieldValue<byte[]>(0), cancellationToken);
        return chunks.Count > 0 ? chunks[0] : null;
    }

    public async ValueTask TruncateSnapshotAsync(long snapshot, int firstChunk, CancellationToken cancellationToken) => await QueryAsync(
        "DELETE FROM orleansstore.snapshot_chunk WHERE snapshot_id = $1 AND number >= $2 RETURNING 1",
        [Number(snapshot), Value(firstChunk, NpgsqlDbType.Integer)],
        static reader => reader.GetInt32(0),
        cancellationToken);

    public ValueTask<SwitchOutcome> SwitchSnapshotAsync(
        long snapshot, ReplicaWriter writer, LogIndex lastIndex, long sizeBytes, byte[] header, CancellationToken cancellationToken) => PoolAsync(
        async connection =>
        {
            // Two statements, because the index of newest snapshots takes one per bucket at every moment.
            const string replace = """
                WITH held AS (SELECT bucket FROM orleansstore.replica WHERE bucket = $1 AND writer_epoch = $2 FOR NO KEY UPDATE),
                replaced AS (
                    UPDATE orleansstore.snapshot s SET state = 4 FROM held
                    WHERE s.bucket = held.bucket AND s.state = 3 AND s.snapshot_id <> $3 AND s.last_index < $4)
                SELECT EXISTS (SELECT FROM orleansstore.snapshot s WHERE s.bucket = $1 AND s.state = 3 AND s.snapshot_id <> $3 AND s.last_index >= $4) FROM held
                """;
            const string publish = "UPDATE orleansstore.snapshot SET state = 3, size_bytes = $2, header = $3 WHERE snapshot_id = $1 RETURNING 1";
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var overtaken = await QueryAsync(
                connection,
                replace,
                [Number(writer.Bucket.Packed), Number(writer.Epoch.Value), Number(snapshot), Number(lastIndex.Value)],
                static reader => reader.GetBoolean(0),
                cancellationToken);
            if (overtaken is [true])
            {
                return SwitchOutcome.Overtaken;
            }

            var published = overtaken.Count > 0
                ? await QueryAsync(
                    connection, publish, [Number(snapshot), Number(sizeBytes), Value(header, NpgsqlDbType.Bytea)], static reader => reader.GetInt32(0), cancellationToken)
                : [];
            if (published.Count == 0)
            {
                return SwitchOutcome.Fenced;
            }

            await transaction.CommitAsync(cancellationToken);
            return SwitchOutcome.Switched;
        },
        cancellationToken);

    public async ValueTask DeleteSnapshotsAsync(ReplicaWriter writer, IReadOnlyCollection<long>? snapshots, CancellationToken cancellationToken)
    {
        // By name only what nobody may switch to any more, or what is not the newest.
        const string named = "DELETE FROM orleansstore.snapshot WHERE snapshot_id = ANY ($1) AND state <> 3 RETURNING 1";
        const string all = """
            DELETE FROM orleansstore.snapshot s USING orleansstore.replica r
            WHERE s.bucket = r.bucket AND r.bucket = $1 AND r.writer_epoch = $2
            RETURNING 1
            """;
        await (snapshots is { } ids
            ? QueryAsync(named, [Numbers([.. ids])], static reader => reader.GetInt32(0), cancellationToken)
            : QueryAsync(all, [Number(writer.Bucket.Packed), Number(writer.Epoch.Value)], static reader => reader.GetInt32(0), cancellationToken));
    }

    public async ValueTask DeleteLeftoversAsync(ReplicaWriter writer, IReadOnlyCollection<long> kept, CancellationToken cancellationToken)
    {
        const string delete = """
            DELETE FROM orleansstore.snapshot s USING orleansstore.replica r
            WHERE s.bucket = r.bucket AND r.bucket = $1 AND r.writer_epoch = $2 AND s.writer_epoch < r.writer_epoch
                AND s.state IN (1, 4) AND NOT s.snapshot_id = ANY ($3)
            RETURNING 1
            """;
        await QueryAsync(
            delete, [Number(writer.Bucket.Packed), Number(writer.Epoch.Value), Numbers([.. kept])], static reader => reader.GetInt32(0), cancellationToken);
    }

    private static NpgsqlParameter[] Describe(StagedSnapshot snapshot) =>
    [
        Number(snapshot.Writer.Bucket.Packed),
        Number(snapshot.Writer.Epoch.Value),
        Value(snapshot.IsReceived ? Receiving : Taking, NpgsqlDbType.Smallint),
        Number(snapshot.Revision.Value),
        Number(snapshot.LastIndex.Value),
        Number(snapshot.SizeBytes),
    ];
}
