namespace OrleansStore.Verification.Invariants;

/// <summary>A leader counts an entry as committed.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Leader">Who.</param>
/// <param name="Term">The term in which it leads.</param>
/// <param name="Commit">Its commit index.</param>
/// <param name="Voters">The configuration by which it committed.</param>
public readonly record struct CommitSeen(BucketId Bucket, ReplicaId Leader, Term Term, LogIndex Commit, VoterSet Voters);
