namespace OrleansStore.Verification.Invariants;

/// <summary>How far a replica is.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Replica">Which replica.</param>
/// <param name="Activation">Counts how often this replica was brought into memory. What is not durable may be lower after another activation.</param>
/// <param name="Epoch">The epoch of the topology that it works with.</param>
/// <param name="Term">Its term.</param>
/// <param name="Commit">The last entry known to be committed.</param>
/// <param name="Applied">The last entry applied; at most <paramref name="Commit"/>.</param>
/// <param name="Revision">The revision of its state.</param>
public readonly record struct ProgressSeen(
    BucketId Bucket, ReplicaId Replica, long Activation, Epoch Epoch, Term Term, LogIndex Commit, LogIndex Applied, Revision Revision);
