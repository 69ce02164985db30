namespace OrleansStore.Verification.Invariants;

/// <summary>A replica leads its group.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Term">In which term.</param>
/// <param name="Leader">Who.</param>
/// <param name="Activation">Which time in memory, counted from 1: a replica that forgot that it leads and is elected again is another leader.</param>
public readonly record struct LeaderSeen(BucketId Bucket, Term Term, ReplicaId Leader, long Activation = 1);
