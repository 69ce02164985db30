using OrleansStore.Consensus;

namespace OrleansStore.Storage.Databases;

/// <summary>All that storage asks of a database. Each call takes effect as a whole or not at all, and on completion what it wrote is durable.</summary>
/// <remarks>
/// <para>Every method throws <see cref="StoreException"/>: transient where the same call may succeed later, and then whether it took effect is <em>unknown</em>
/// unless it says otherwise; not transient where the database refuses what this release asks of it. A connection on which anything failed is not used again.</para>
/// <para>Claims and flushes may be called while other calls are under way and do not wait for them; each of the two by one caller at a time. The rest is safe for concurrent use.</para>
/// </remarks>
internal interface IReplicaDatabase : IAsyncDisposable
{
    /// <summary>Which database this is, in words without secrets.</summary>
    string Name { get; }

    /// <summary>Checks that the database can hold a store of this release.</summary>
    /// <exception cref="StoreException">Not transient: <see cref="ErrorCode.UnsupportedFormat"/>, where the schema is missing, older or newer; or a setting would lose what was acknowledged.</exception>
    ValueTask CheckAsync(CancellationToken cancellationToken);

    /// <summary>Reads whose data this is.</summary>
    ValueTask<HomeRow> ReadHomeAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the parts that are not null.</summary>
    /// <returns>False, and nothing changes, where the claim is gone.</returns>
    ValueTask<bool> WriteHomeAsync(ClaimId claim, HomeRow row, CancellationToken cancellationToken);

    /// <summary>Takes a claim, or extends it if it is there. Claims of others that have expired are deleted first.</summary>
    /// <returns>Null, or who stands in the way: a claim is exclusive, and there is another one.</returns>
    ValueTask<string?> TakeClaimAsync(ClaimId claim, string owner, bool isExclusive, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Extends a claim: it expires this long after the database executes the call, by its clock.</summary>
    /// <returns>False where the claim is gone: somebody found it expired.</returns>
    ValueTask<bool> RenewClaimAsync(ClaimId claim, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Ends a claim, and with it all its holds.</summary>
    ValueTask ReleaseClaimAsync(ClaimId claim, CancellationToken cancellationToken);

    /// <summary>Makes a claim the holder of the datacenter's links, if no other claim is. Claims of others that have expired are deleted first, and what they held with them.</summary>
    /// <returns>The number of the holding, higher than that of every earlier holder and the same when this is repeated; null where another claim holds the links, or this one is gone.</returns>
    ValueTask<long?> TakeLinksAsync(ClaimId claim, CancellationToken cancellationToken);

    /// <summary>Deletes claims of others that have expired, then tells for which of these buckets no other claim stands any more.</summary>
    ValueTask<IReadOnlyList<BucketId>> FindFreeAsync(ClaimId claim, IReadOnlyCollection<BucketId> buckets, CancellationToken cancellationToken);

    /// <summary>The holds of a claim whose buckets have a newer writer.</summary>
    ValueTask<IReadOnlyList<ReplicaWriter>> FindSupersededAsync(ClaimId claim, CancellationToken cancellationToken);

    /// <summary>Deletes holds of a claim, each unless it belongs to another writer by now.</summary>
    ValueTask ReleaseHoldsAsync(ClaimId claim, IReadOnlyCollection<ReplicaWriter> writers, CancellationToken cancellationToken);

    /// <summary>Puts holds under a new claim, each if its writer is still the newest of its bucket.</summary>
    /// <returns>Those that are.</returns>
    ValueTask<IReadOnlyList<ReplicaWriter>> RetakeHoldsAsync(ClaimId claim, IReadOnlyCollection<ReplicaWriter> writers, CancellationToken cancellationToken);

    /// <summary>The rows of all buckets, ordered by id.</summary>
    ValueTask<IReadOnlyList<StoredReplica>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Takes a new writer epoch and a hold, and loads the replica. What earlier writers of the bucket were writing is either part of it or without effect.</summary>
    /// <returns>Null where the claim is gone; then nothing was taken.</returns>
    /// <exception cref="CorruptionException">A stored entry is damaged, or one is missing.</exception>
    ValueTask<ReplicaOpening?> OpenReplicaAsync(BucketId bucket, ClaimId claim, CancellationToken cancellationToken);

    /// <summary>Writes the changes of many buckets in one commit: each where its writer is the newest of its bucket and has made no flush of this number or a higher one.</summary>
    /// <param name="number">Higher than that of every earlier flush of the same storage; the same when it is repeated.</param>
    /// <param name="changes">One per bucket.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The buckets that were written; the others are unchanged.</returns>
    ValueTask<IReadOnlyCollection<BucketId>> FlushAsync(long number, IReadOnlyCollection<BucketChange> changes, CancellationToken cancellationToken);

    /// <summary>What became of flushes, once those that are under way on lost connections have ended.</summary>
    ValueTask<IReadOnlyList<FlushTrace>> InspectAsync(IReadOnlyCollection<BucketId> buckets, CancellationToken cancellationToken);

    /// <summary>Reads durable entries; see <see cref="IReplicaLog.ReadEntriesAsync"/>.</summary>
    ValueTask<IReadOnlyList<Entry>> ReadEntriesAsync(BucketId bucket, LogIndex first, LogIndex end, long maxBytes, CancellationToken cancellationToken);

    /// <summary>Begins a snapshot without any bytes.</summary>
    /// <returns>Its number; null where a newer writer was opened.</returns>
    ValueTask<long?> StageSnapshotAsync(StagedSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>Looks for a snapshot whose reception was cut short, and makes it this writer's. Others that were being received for the bucket are deleted.</summary>
    /// <returns>Its number and how many bytes of it are there; null where there is none.</returns>
    ValueTask<(long Id, long StoredBytes)?> AdoptSnapshotAsync(StagedSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>Adds the chunk of a number, or replaces it.</summary>
    /// <returns>False where the snapshot is gone, or its writer is not the newest any more.</returns>
    ValueTask<bool> WriteChunkAsync(long snapshot, int number, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Reads a chunk; null where it is gone.</summary>
    ValueTask<byte[]?> ReadChunkAsync(long snapshot, int number, CancellationToken cancellationToken);

    /// <summary>Deletes the chunks from a number on.</summary>
    ValueTask TruncateSnapshotAsync(long snapshot, int firstChunk, CancellationToken cancellationToken);

    /// <summary>Makes a staged snapshot the newest one of its bucket, if it covers more than that one. The one before stays readable until it is deleted. May be repeated.</summary>
    ValueTask<SwitchOutcome> SwitchSnapshotAsync(long snapshot, ReplicaWriter writer, LogIndex lastIndex, long sizeBytes, byte[] header, CancellationToken cancellationToken);

    /// <summary>Deletes snapshots of a bucket: these, or all if none are named and the writer is still the newest.</summary>
    ValueTask DeleteSnapshotsAsync(ReplicaWriter writer, IReadOnlyCollection<long>? snapshots, CancellationToken cancellationToken);

    /// <summary>Deletes what earlier writers of a bucket have left: snapshots that they were taking, and replaced ones but for those named.</summary>
    ValueTask DeleteLeftoversAsync(ReplicaWriter writer, IReadOnlyCollection<long> kept, CancellationToken cancellationToken);
}
