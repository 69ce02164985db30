namespace OrleansStore.Verification.Invariants;

/// <summary>A replica leads its group.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Term">In which term.</param>
/// <param name="Leader">Who.</param>
public readonly record struct LeaderSeen(BucketId Bucket, Term Term, ReplicaId Leader);
