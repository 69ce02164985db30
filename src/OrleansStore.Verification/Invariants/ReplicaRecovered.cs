namespace OrleansStore.Verification.Invariants;

/// <summary>What storage gave when a replica was opened.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Replica">Which replica.</param>
/// <param name="IsAfterCrash">Whether queued appends may have been lost: the process was started anew. Otherwise the replica only slept.</param>
/// <param name="Vote">Term and vote.</param>
/// <param name="CompactedTo">The last entry that is not in the log; index 0 where none was dropped.</param>
/// <param name="Entries">The log after it.</param>
/// <param name="Snapshot">The newest durable snapshot; null where there is none.</param>
public sealed record ReplicaRecovered(
    BucketId Bucket, ReplicaId Replica, bool IsAfterCrash, DurableVote Vote, LogPosition CompactedTo, IReadOnlyList<LogEntry> Entries, LogPosition? Snapshot);
