namespace OrleansStore.Verification.Invariants;

/// <summary>At <paramref name="Now"/> a replica may serve reads alone until <paramref name="Until"/>, unless it gives the lease up earlier.</summary>
/// <remarks>Both times are of one clock that all observations share, not of the replica's own.</remarks>
/// <param name="Bucket">The bucket.</param>
/// <param name="Replica">Whose lease.</param>
/// <param name="Now">When it was seen.</param>
/// <param name="Until">Its end; at or before <paramref name="Now"/> where the replica has none.</param>
public readonly record struct LeaseSeen(BucketId Bucket, ReplicaId Replica, TimeSpan Now, TimeSpan Until);
