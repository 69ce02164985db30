using Npgsql;
using OrleansStore.Consensus;
using OrleansStore.Storage.Databases;

namespace OrleansStore.Storage.Postgres;

/// <content>Openings, and what is read of replicas.</content>
internal sealed partial class PostgresDatabase
{
    private const string ReplicaColumns = """
        r.bucket, r.writer_epoch, r.term, r.vote, r.commit_index, r.compacted_term, r.compacted_index, r.last_index, r.due_ticks, s.snapshot_id, s.size_bytes, s.header
        """;

    public async ValueTask<IReadOnlyList<StoredReplica>> ListAsync(CancellationToken cancellationToken)
    {
        const string list = $"""
            SELECT {ReplicaColumns}
            FROM orleansstore.replica r LEFT JOIN orleansstore.snapshot s ON s.bucket = r.bucket AND s.state = 3
            ORDER BY r.bucket
            """;
        return await QueryAsync(list, [], ReadReplica, cancellationToken);
    }

    public ValueTask<ReplicaOpening?> OpenReplicaAsync(BucketId bucket, ClaimId claim, CancellationToken cancellationToken) => PoolAsync(
        async connection =>
        {
            // 1. The row is locked, which waits for the flush of an earlier writer that is under way; later ones find the new epoch. 2. What is read then changes no more.
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var epoch = await TakeEpochAsync(connection, bucket, cancellationToken);
            if (!await TryHoldAsync(connection, bucket, claim, epoch, cancellationToken))
            {
                return null;
            }

            var opening = await LoadAsync(connection, bucket, claim, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return opening;
        },
        cancellationToken);

    public async ValueTask<IReadOnlyList<Entry>> ReadEntriesAsync(BucketId bucket, LogIndex first, LogIndex end, long maxBytes, CancellationToken cancellationToken)
    {
        // As many bytes as are asked for, by whole entries; the first one whatever its size.
        const string read = """
            SELECT index, term, type, checksum, data FROM (
                SELECT l.*, sum(octet_length(l.data) + $5) OVER (ORDER BY l.index) AS bytes
                FROM orleansstore.log_entry l JOIN orleansstore.replica r USING (bucket)
                WHERE l.bucket = $1 AND l.index >= $2 AND l.index < $3 AND $2 > r.compacted_index) e
            WHERE bytes <= $4 OR index = $2
            ORDER BY index
            """;
        var entries = await QueryAsync(
            read, [Number(bucket.Packed), Number(first.Value), Number(end.Value), Number(maxBytes), Number((long)Entry.OverheadBytes)], row => ReadEntry(bucket, row), cancellationToken);
        RequireConsecutive(bucket, entries, first);
        return entries;
    }

    private static async Task<long> TakeEpochAsync(NpgsqlConnection connection, BucketId bucket, CancellationToken cancellationToken)
    {
        const string take = """
            INSERT INTO orleansstore.replica AS r (bucket, writer_epoch) VALUES ($1, 1)
            ON CONFLICT (bucket) DO UPDATE SET writer_epoch = r.writer_epoch + 1, last_flush = 0
            RETURNING r.writer_epoch
            """;
        return (await QueryAsync(connection, take, [Number(bucket.Packed)], static reader => reader.GetInt64(0), cancellationToken))[0];
    }

    private static async Task<bool> TryHoldAsync(NpgsqlConnection connection, BucketId bucket, ClaimId claim, long epoch, CancellationToken cancellationToken)
    {
        const string hold = """
            INSERT INTO orleansstore.holder (bucket, claim_id, writer_epoch) SELECT $1, c.claim_id, $3 FROM orleansstore.claim c WHERE c.claim_id = $2 FOR KEY SHARE
            ON CONFLICT (bucket, claim_id) DO UPDATE SET writer_epoch = excluded.writer_epoch
            RETURNING 1
            """;
        return (await QueryAsync(connection, hold, [Number(bucket.Packed), Uuid(claim), Number(epoch)], static reader => reader.GetInt32(0), cancellationToken)).Count > 0;
    }

    private static async Task<ReplicaOpening> LoadAsync(NpgsqlConnection connection, BucketId bucket, ClaimId claim, CancellationToken cancellationToken)
    {
        const string load = $"""
            SELECT {ReplicaColumns}, EXISTS (SELECT FROM orleansstore.holder h WHERE h.bucket = r.bucket AND h.claim_id <> $2)
            FROM orleansstore.replica r LEFT JOIN orleansstore.snapshot s ON s.bucket = r.bucket AND s.state = 3
            WHERE r.bucket = $1
            """;
        const string log = "SELECT index, term, type, checksum, data FROM orleansstore.log_entry WHERE bucket = $1 ORDER BY index";
        var (replica, hasOthers) = (await QueryAsync(
            connection, load, [Number(bucket.Packed), Uuid(claim)], static reader => (ReadReplica(reader), reader.GetBoolean(12)), cancellationToken))[0];
        var entries = await QueryAsync(connection, log, [Number(bucket.Packed)], row => ReadEntry(bucket, row), cancellationToken);
        RequireConsecutive(bucket, entries, replica.CompactedTo.Index.Next);
        var last = entries.Count > 0 ? entries[^1].Index : replica.CompactedTo.Index;
        return last == replica.LastIndex
            ? new ReplicaOpening(replica, entries, hasOthers)
            : throw new CorruptionException("table orleansstore.log_entry", (long)last.Value, $"entries of bucket {bucket} up to {replica.LastIndex}", $"up to {last}");
    }

    private static StoredReplica ReadReplica(NpgsqlDataReader reader) => new(
        WriterAt(reader),
        new HardState(new Term(Unsigned(reader, 2)), new ReplicaId(Unsigned(reader, 3)), new LogIndex(Unsigned(reader, 4))),
        new EntryId(new Term(Unsigned(reader, 5)), new LogIndex(Unsigned(reader, 6))),
        new LogIndex(Unsigned(reader, 7)),
        new DueTime(reader.GetInt64(8)),
        reader.IsDBNull(9) ? null : new StoredSnapshot(reader.GetInt64(9), reader.GetInt64(10), reader.GetFieldValue<byte[]>(11)));

    private static Entry ReadEntry(BucketId bucket, NpgsqlDataReader reader)
    {
        var entry = new Entry(new Term(Unsigned(reader, 1)), new LogIndex(Unsigned(reader, 0)), (EntryType)reader.GetInt16(2), reader.GetFieldValue<byte[]>(4));
        var (expected, actual) = (reader.GetInt32(3), EntryChecksum.Compute(bucket, entry));
        return expected == actual
            ? entry
            : throw new CorruptionException("table orleansstore.log_entry", (long)entry.Index.Value, $"entry {entry.Id} of bucket {bucket} with CRC32C {expected:x8}", $"{actual:x8}");
    }

    private static void RequireConsecutive(BucketId bucket, List<Entry> entries, LogIndex first)
    {
        foreach (var entry in entries)
        {
            if (entry.Index != first)
            {
                throw new CorruptionException("table orleansstore.log_entry", (long)first.Value, $"entry {first} of bucket {bucket}", $"entry {entry.Index}");
            }

            first = first.Next;
        }
    }
}
