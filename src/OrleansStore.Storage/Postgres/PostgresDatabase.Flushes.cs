using Npgsql;
using NpgsqlTypes;
using OrleansStore.Storage.Databases;

namespace OrleansStore.Storage.Postgres;

/// <content>Flushes: one statement for all buckets of a silo, and the look at what became of one.</content>
internal sealed partial class PostgresDatabase
{
    // Every part is conditional on the same rows: those whose writer is the newest, and which this flush has not written before. They are locked until the commit.
    private const string Held = """
        WITH held AS (
            UPDATE orleansstore.replica r
            SET last_flush = $1,
                term = coalesce(c.term, r.term), vote = coalesce(c.vote, r.vote), commit_index = coalesce(c.commit_index, r.commit_index),
                compacted_term = coalesce(c.compacted_term, r.compacted_term), compacted_index = coalesce(c.compacted_index, r.compacted_index),
                last_index = c.last_index, due_ticks = coalesce(c.due_ticks, r.due_ticks)
            FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10)
                AS c (bucket, writer_epoch, term, vote, commit_index, compacted_term, compacted_index, last_index, due_ticks)
            WHERE r.bucket = c.bucket AND r.writer_epoch = c.writer_epoch AND r.last_flush < $1
            RETURNING r.bucket),
        added AS (
            INSERT INTO orleansstore.log_entry (bucket, index, term, type, checksum, data)
            SELECT e.bucket, e.index, e.term, e.type, e.checksum, e.data
            FROM unnest($11, $12, $13, $14, $15, $16) AS e (bucket, index, term, type, checksum, data) JOIN held USING (bucket)
        """;

    // The plain form refuses to overwrite: where entries are only added, one that is there already is a bug, and fails the flush.
    private const string Append = Held + ") SELECT bucket FROM held";

    // Rows that are written and rows that are deleted are never the same: written ones lie above the compaction point and not above the last index.
    private const string Trim = Held + """

            ON CONFLICT (bucket, index) DO UPDATE SET term = excluded.term, type = excluded.type, checksum = excluded.checksum, data = excluded.data),
        trimmed AS (
            DELETE FROM orleansstore.log_entry l
            USING unnest($17, $18, $19) AS t (bucket, compacted_index, last_index) JOIN held USING (bucket)
            WHERE l.bucket = t.bucket AND (l.index > t.last_index OR l.index <= t.compacted_index)),
        removed AS (
            DELETE FROM orleansstore.snapshot s USING unnest($20) AS t (bucket) JOIN held USING (bucket) WHERE s.bucket = t.bucket)
        SELECT bucket FROM held
        """;

    public async ValueTask<IReadOnlyCollection<BucketId>> FlushAsync(long number, IReadOnlyCollection<BucketChange> changes, CancellationToken cancellationToken)
    {
        var mustTrim = changes.Any(static change => change.MustTrim);
        return await _flushLane.ExecuteAsync(
            mustTrim ? Trim : Append,
            Bind(number, changes, mustTrim),
            async reader => await ReadAllAsync(reader, BucketAt, cancellationToken),
            cancellationToken);
    }

    public async ValueTask<IReadOnlyList<FlushTrace>> InspectAsync(IReadOnlyCollection<BucketId> buckets, CancellationToken cancellationToken)
    {
        // The lock waits for a statement that a lost connection may have left behind. One that has not even begun finds the flush number taken, or the rows as they were.
        const string inspect = "SELECT bucket, writer_epoch, last_flush FROM orleansstore.replica WHERE bucket = ANY ($1) ORDER BY bucket FOR NO KEY UPDATE";
        return await _flushLane.ExecuteAsync(
            inspect,
            [Buckets(buckets)],
            async reader => await ReadAllAsync(reader, static row => new FlushTrace(WriterAt(row), row.GetInt64(2)), cancellationToken),
            cancellationToken);
    }

    private static List<NpgsqlParameter> Bind(long number, IReadOnlyCollection<BucketChange> changes, bool mustTrim)
    {
        List<NpgsqlParameter> parameters = [Number(number)];
        Add(static change => (long)change.Writer.Bucket.Packed);
        Add(static change => unchecked((long)change.Writer.Epoch.Value));
        AddOptional(static change => change.HardState?.Term.Value);
        AddOptional(static change => change.HardState?.Vote.Value);
        AddOptional(static change => change.HardState?.Commit.Value);
        AddOptional(static change => change.CompactedTo?.Term.Value);
        AddOptional(static change => change.CompactedTo?.Index.Value);
        Add(static change => unchecked((long)change.LastIndex.Value));
        AddOptional(static change => unchecked((ulong?)change.DueTime?.UtcTicks));
        BindEntries(parameters, changes);
        if (mustTrim)
        {
            BucketChange[] trimmed = [.. changes.Where(static change => change.MustTrim)];
            parameters.Add(Numbers([.. trimmed.Select(static change => (long)change.Writer.Bucket.Packed)]));
            parameters.Add(Numbers([.. trimmed.Select(static change => unchecked((long)change.CompactedIndex.Value))]));
            parameters.Add(Numbers([.. trimmed.Select(static change => unchecked((long)change.LastIndex.Value))]));
            parameters.Add(Numbers([.. trimmed.Where(static change => change.RemovesBucket).Select(static change => (long)change.Writer.Bucket.Packed)]));
        }

        return parameters;

        void Add(Func<BucketChange, long> select) => parameters.Add(Numbers([.. changes.Select(select)]));

        void AddOptional(Func<BucketChange, ulong?> select) => parameters.Add(new NpgsqlParameter
        {
            Value = changes.Select(change => unchecked((long?)select(change))).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        });
    }

    private static void BindEntries(List<NpgsqlParameter> parameters, IReadOnlyCollection<BucketChange> changes)
    {
        var count = 0;
        foreach (var change in changes)
        {
            count += change.Entries.Count;
        }

        var (buckets, indexes, terms) = (new long[count], new long[count], new long[count]);
        var (types, checksums, data) = (new short[count], new int[count], new ReadOnlyMemory<byte>[count]);
        var i = 0;
        foreach (var change in changes)
        {
            foreach (var entry in change.Entries)
            {
                buckets[i] = (long)change.Writer.Bucket.Packed;
                indexes[i] = unchecked((long)entry.Index.Value);
                terms[i] = unchecked((long)entry.Term.Value);
                types[i] = (short)entry.Type;
                checksums[i] = EntryChecksum.Compute(change.Writer.Bucket, entry);
                data[i++] = entry.Data;
            }
        }

        parameters.Add(Numbers(buckets));
        parameters.Add(Numbers(indexes));
        parameters.Add(Numbers(terms));
        parameters.Add(new NpgsqlParameter { Value = types, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint });
        parameters.Add(new NpgsqlParameter { Value = checksums, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        parameters.Add(new NpgsqlParameter { Value = data, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
    }
}
