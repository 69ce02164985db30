using Npgsql;
using NpgsqlTypes;
using OrleansStore.Storage.Databases;

namespace OrleansStore.Storage.Postgres;

/// <content>Claims and holds. All on the claim's connection: one caller, and nothing in front of it.</content>
internal sealed partial class PostgresDatabase
{
    // The clock of the moment, not that of the transaction's start. Whoever extends a claim meanwhile holds the row, and then the condition is looked at again.
    private const string DeleteExpired = "DELETE FROM orleansstore.claim WHERE claim_id <> $1 AND expires_at < clock_timestamp() RETURNING 1";

    public async ValueTask<string?> TakeClaimAsync(ClaimId claim, string owner, bool isExclusive, TimeSpan duration, CancellationToken cancellationToken)
    {
        // Two that take exclusive claims at the same time meet at a unique index, and one of them finds the other the next time.
        const string take = """
            INSERT INTO orleansstore.claim (claim_id, owner, is_exclusive, expires_at)
            SELECT $1, $2, $3, clock_timestamp() + $4
            WHERE NOT EXISTS (SELECT FROM orleansstore.claim c WHERE c.claim_id <> $1 AND (c.is_exclusive OR $3))
            ON CONFLICT (claim_id) DO UPDATE SET expires_at = excluded.expires_at
            RETURNING 1
            """;
        await ClaimAsync(DeleteExpired, [Uuid(claim)], static reader => reader.GetInt32(0), cancellationToken);
        try
        {
            var taken = await ClaimAsync(
                take,
                [Uuid(claim), Value(owner, NpgsqlDbType.Text), Value(isExclusive, NpgsqlDbType.Boolean), Value(duration, NpgsqlDbType.Interval)],
                static reader => reader.GetInt32(0),
                cancellationToken);
            if (taken.Count > 0)
            {
                return null;
            }
        }
        catch (StoreException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            // Somebody was faster.
        }

        var owners = await ClaimAsync("SELECT owner FROM orleansstore.claim WHERE claim_id <> $1", [Uuid(claim)], static reader => reader.GetString(0), cancellationToken);
        return owners.Count > 0 ? string.Join(", ", owners) : "somebody who left just now";
    }

    public async ValueTask<bool> RenewClaimAsync(ClaimId claim, TimeSpan duration, CancellationToken cancellationToken)
    {
        const string renew = "UPDATE orleansstore.claim SET expires_at = clock_timestamp() + $2 WHERE claim_id = $1 RETURNING 1";
        return (await ClaimAsync(renew, [Uuid(claim), Value(duration, NpgsqlDbType.Interval)], static reader => reader.GetInt32(0), cancellationToken)).Count > 0;
    }

    public async ValueTask ReleaseClaimAsync(ClaimId claim, CancellationToken cancellationToken) =>
        await ClaimAsync("DELETE FROM orleansstore.claim WHERE claim_id = $1 RETURNING 1", [Uuid(claim)], static reader => reader.GetInt32(0), cancellationToken);

    // Asked for by whoever may become the holder, not by the claim's loop; hence the pool.
    public async ValueTask<long?> TakeLinksAsync(ClaimId claim, CancellationToken cancellationToken)
    {
        // The key of the only row decides between two that come at the same time. A look first, because every attempt to insert uses a number up.
        const string take = """
            INSERT INTO orleansstore.link_holder (claim_id)
            SELECT c.claim_id FROM orleansstore.claim c WHERE c.claim_id = $1 AND NOT EXISTS (SELECT FROM orleansstore.link_holder) FOR KEY SHARE
            ON CONFLICT DO NOTHING
            RETURNING 1
            """;
        await QueryAsync(DeleteExpired, [Uuid(claim)], static reader => reader.GetInt32(0), cancellationToken);
        await QueryAsync(take, [Uuid(claim)], static reader => reader.GetInt32(0), cancellationToken);
        var held = await QueryAsync("SELECT number FROM orleansstore.link_holder WHERE claim_id = $1", [Uuid(claim)], static reader => reader.GetInt64(0), cancellationToken);
        return held.Count > 0 ? held[0] : null;
    }

    public async ValueTask<IReadOnlyList<BucketId>> FindFreeAsync(ClaimId claim, IReadOnlyCollection<BucketId> buckets, CancellationToken cancellationToken)
    {
        // Two commits: what the second one sees is certain, and so is what the first one deleted.
        const string free = """
            SELECT b FROM unnest($2) b
            WHERE NOT EXISTS (SELECT FROM orleansstore.holder h WHERE h.bucket = b AND h.claim_id <> $1)
            """;
        await ClaimAsync(DeleteExpired, [Uuid(claim)], static reader => reader.GetInt32(0), cancellationToken);
        return await ClaimAsync(free, [Uuid(claim), Buckets(buckets)], BucketAt, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<ReplicaWriter>> FindSupersededAsync(ClaimId claim, CancellationToken cancellationToken)
    {
        const string superseded = """
            SELECT h.bucket, h.writer_epoch
            FROM orleansstore.holder h JOIN orleansstore.replica r USING (bucket)
            WHERE h.claim_id = $1 AND r.writer_epoch > h.writer_epoch
            """;
        return await ClaimAsync(superseded, [Uuid(claim)], WriterAt, cancellationToken);
    }

    // Called by flushes, too, which have a connection of their own; hence the pool.
    public async ValueTask ReleaseHoldsAsync(ClaimId claim, IReadOnlyCollection<ReplicaWriter> writers, CancellationToken cancellationToken)
    {
        const string release = """
            DELETE FROM orleansstore.holder h USING unnest($2, $3) AS w (bucket, writer_epoch)
            WHERE h.claim_id = $1 AND h.bucket = w.bucket AND h.writer_epoch = w.writer_epoch
            RETURNING 1
            """;
        await QueryAsync(release, [Uuid(claim), BucketsOf(writers), EpochsOf(writers)], static reader => reader.GetInt32(0), cancellationToken);
    }

    public async ValueTask<IReadOnlyList<ReplicaWriter>> RetakeHoldsAsync(ClaimId claim, IReadOnlyCollection<ReplicaWriter> writers, CancellationToken cancellationToken)
    {
        // The lock makes this and the opening of a newer writer take turns: whichever is second sees the first.
        const string retake = """
            WITH kept AS (
                SELECT r.bucket, r.writer_epoch
                FROM orleansstore.replica r JOIN unnest($2, $3) AS w (bucket, writer_epoch) USING (bucket, writer_epoch)
                ORDER BY r.bucket
                FOR NO KEY UPDATE OF r)
            INSERT INTO orleansstore.holder (bucket, claim_id, writer_epoch)
            SELECT bucket, $1, writer_epoch FROM kept
            ON CONFLICT (bucket, claim_id) DO UPDATE SET writer_epoch = excluded.writer_epoch
            RETURNING bucket, writer_epoch
            """;
        return await ClaimAsync(retake, [Uuid(claim), BucketsOf(writers), EpochsOf(writers)], WriterAt, cancellationToken);
    }
}
