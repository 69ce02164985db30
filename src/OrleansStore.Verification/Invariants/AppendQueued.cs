namespace OrleansStore.Verification.Invariants;

/// <summary>A replica asked its storage for a write. The parts take effect in the order of the parameters.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Replica">Which replica.</param>
/// <param name="Number">Rises with every append of the replica, also over restarts.</param>
/// <param name="Vote">Replaces term and vote; null where it does not.</param>
/// <param name="Installed">Where a snapshot took the place of the whole log; null where none did.</param>
/// <param name="Entries">Consecutive entries; they take the place of all that stood from the first of them on.</param>
/// <param name="CompactedTo">The last entry that is dropped; null where none is.</param>
public sealed record AppendQueued(
    BucketId Bucket, ReplicaId Replica, long Number, DurableVote? Vote, LogPosition? Installed, IReadOnlyList<LogEntry> Entries, LogPosition? CompactedTo);
