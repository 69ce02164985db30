using OrleansStore.Consensus;
using OrleansStore.Storage.Databases;

namespace OrleansStore.Storage.Testing;

/// <summary>One silo's way to a <see cref="MemoryDatabase"/>: calls take time, fail, or take effect without an answer. Snapshots are not kept.</summary>
/// <param name="database">What is shared.</param>
/// <param name="travel">Waits as long as a call takes one way, on the silo's scheduler.</param>
internal sealed class MemoryDatabaseClient(MemoryDatabase database, Func<ValueTask> travel) : IReplicaDatabase
{
    public string Name => "a database in memory";

    /// <summary>Whether the database cannot be reached.</summary>
    public bool IsCut { get; set; }

    /// <summary>Asked for each call that has taken effect: whether its answer is lost.</summary>
    public Func<bool> LosesAnswer { get; set; } = static () => false;

    public ValueTask CheckAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<HomeRow> ReadHomeAsync(CancellationToken cancellationToken) => CallAsync(database.ReadHome);

    public ValueTask<bool> WriteHomeAsync(ClaimId claim, HomeRow row, CancellationToken cancellationToken) => CallAsync(() => database.WriteHome(claim, row));

    public ValueTask<string?> TakeClaimAsync(ClaimId claim, string owner, bool isExclusive, TimeSpan duration, CancellationToken cancellationToken) =>
        CallAsync(() => database.TakeClaim(claim, owner, isExclusive, duration));

    public ValueTask<bool> RenewClaimAsync(ClaimId claim, TimeSpan duration, CancellationToken cancellationToken) => CallAsync(() => database.RenewClaim(claim, duration));

    public async ValueTask ReleaseClaimAsync(ClaimId claim, CancellationToken cancellationToken) => await CallAsync(() =>
    {
        database.ReleaseClaim(claim);
        return true;
    });

    public ValueTask<long?> TakeLinksAsync(ClaimId claim, CancellationToken cancellationToken) => CallAsync(() => database.TakeLinks(claim));

    public ValueTask<IReadOnlyList<BucketId>> FindFreeAsync(ClaimId claim, IReadOnlyCollection<BucketId> buckets, CancellationToken cancellationToken) =>
        CallAsync(() => database.FindFree(claim, buckets));

    public ValueTask<IReadOnlyList<ReplicaWriter>> FindSupersededAsync(ClaimId claim, CancellationToken cancellationToken) => CallAsync(() => database.FindSuperseded(claim));

    public async ValueTask ReleaseHoldsAsync(ClaimId claim, IReadOnlyCollection<ReplicaWriter> writers, CancellationToken cancellationToken) => await CallAsync(() =>
    {
        database.ReleaseHolds(claim, writers);
        return true;
    });

    public ValueTask<IReadOnlyList<ReplicaWriter>> RetakeHoldsAsync(ClaimId claim, IReadOnlyCollection<ReplicaWriter> writers, CancellationToken cancellationToken) =>
        CallAsync(() => database.RetakeHolds(claim, writers));

    public ValueTask<IReadOnlyList<StoredReplica>> ListAsync(CancellationToken cancellationToken) => CallAsync(database.List);

    public ValueTask<ReplicaOpening?> OpenReplicaAsync(BucketId bucket, ClaimId claim, CancellationToken cancellationToken) => CallAsync(() => database.Open(bucket, claim));

    public ValueTask<IReadOnlyCollection<BucketId>> FlushAsync(long number, IReadOnlyCollection<BucketChange> changes, CancellationToken cancellationToken) =>
        CallAsync(() => database.Flush(number, changes));

    public ValueTask<IReadOnlyList<FlushTrace>> InspectAsync(IReadOnlyCollection<BucketId> buckets, CancellationToken cancellationToken) => CallAsync(() => database.Inspect(buckets));

    public ValueTask<IReadOnlyList<Entry>> ReadEntriesAsync(BucketId bucket, LogIndex first, LogIndex end, long maxBytes, CancellationToken cancellationToken) =>
        CallAsync(() => database.ReadEntries(bucket, first, end));

    public ValueTask<long?> StageSnapshotAsync(StagedSnapshot snapshot, CancellationToken cancellationToken) => throw NoSnapshots();

    public ValueTask<(long Id, long StoredBytes)?> AdoptSnapshotAsync(StagedSnapshot snapshot, CancellationToken cancellationToken) => throw NoSnapshots();

    public ValueTask<bool> WriteChunkAsync(long snapshot, int number, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => throw NoSnapshots();

    public ValueTask<byte[]?> ReadChunkAsync(long snapshot, int number, CancellationToken cancellationToken) => throw NoSnapshots();

    public ValueTask TruncateSnapshotAsync(long snapshot, int firstChunk, CancellationToken cancellationToken) => throw NoSnapshots();

    public ValueTask<SwitchOutcome> SwitchSnapshotAsync(
        long snapshot, ReplicaWriter writer, LogIndex lastIndex, long sizeBytes, byte[] header, CancellationToken cancellationToken) => throw NoSnapshots();

    public ValueTask DeleteSnapshotsAsync(ReplicaWriter writer, IReadOnlyCollection<long>? snapshots, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DeleteLeftoversAsync(ReplicaWriter writer, IReadOnlyCollection<long> kept, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static StoreException NoSnapshots() => new(ErrorCode.Unavailable, "This database keeps no snapshots.", isTransient: true);

    private static StoreException Unreachable() => new(ErrorCode.Unavailable, "The database cannot be reached.", isTransient: true);

    private async ValueTask<T> CallAsync<T>(Func<T> call)
    {
        // Cut when it is sent or when it arrives: it never gets there. Cut on the way back, or lost: it took effect, and nobody knows.
        if (IsCut)
        {
            await travel();
            throw Unreachable();
        }

        await travel();
        if (IsCut)
        {
            throw Unreachable();
        }

        var result = call();
        var isLost = LosesAnswer();
        await travel();
        return IsCut || isLost ? throw Unreachable() : result;
    }
}
