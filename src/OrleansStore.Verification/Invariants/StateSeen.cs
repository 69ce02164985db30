namespace OrleansStore.Verification.Invariants;

/// <summary>The replicated state of a replica between two commands.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Replica">Whose state.</param>
/// <param name="Applied">The last entry applied.</param>
/// <param name="Hash">A hash over the whole state.</param>
public readonly record struct StateSeen(BucketId Bucket, ReplicaId Replica, LogIndex Applied, ulong Hash);
