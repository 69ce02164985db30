namespace OrleansStore.Storage;

/// <summary>The durable state of all replicas of one silo.</summary>
/// <remarks>Knows nothing of files: it can be implemented on a database whose writes are conditional on the writer epoch. Safe for concurrent use.</remarks>
public interface IReplicaStorage : IAsyncDisposable
{
    /// <summary>Whose data this is.</summary>
    StoreIdentity Identity { get; }

    /// <summary>The snapshots.</summary>
    ISnapshotStore Snapshots { get; }

    /// <summary>Why storage accepts nothing any more; null while it works. Once set it never changes (invariant 8).</summary>
    StoreException? Failure { get; }

    /// <summary>What keeps storage from making anything durable at present, in words; null while nothing does. It heals by itself: appends wait, within their bound.</summary>
    string? Impediment { get; }

    /// <summary>How much room is left, as of the last check.</summary>
    DiskSpaceState Space { get; }

    /// <summary>Counters and gauges, read without waiting for the log.</summary>
    StorageStatistics Statistics { get; }

    /// <summary>Measures the room on the volume anew, so that <see cref="Space"/> heals while nothing is written. For a slow tick of the engine.</summary>
    ValueTask<DiskSpaceState> CheckSpaceAsync();

    /// <summary>All buckets that storage knows, ordered by id; as durable at the time of the call, but for what other silos that share a database have written since it was
    /// opened. Wakes none of them.</summary>
    IReadOnlyList<BucketSummary> ListBuckets();

    /// <summary>Reads anew which buckets there are and when they want to be woken, where other silos may have written since; else does nothing.</summary>
    /// <exception cref="CorruptionException">A snapshot that a log depends on is missing or damaged.</exception>
    /// <exception cref="StoreException">Storage cannot be reached.</exception>
    ValueTask RefreshAsync(CancellationToken cancellationToken);

    /// <summary>Opens a replica for writing and fences earlier writers of it: their appends that are still queued become durable and
    /// precede everything of the new writer, later ones are refused.</summary>
    /// <returns>The writer, with everything loaded that was queued before it. Where a received snapshot was made durable but a crash came
    /// before the log took note, the log was reset to it (Raft section 7).</returns>
    /// <exception cref="StoreException">Storage failed or was closed; or, transient, cannot be reached for now.</exception>
    /// <exception cref="CorruptionException">Stored bytes are damaged, or the snapshot that the log depends on is missing.</exception>
    ValueTask<OpenedReplica> OpenAsync(BucketId bucket, CancellationToken cancellationToken);
}
