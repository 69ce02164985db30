namespace OrleansStore.Verification.Invariants;

/// <summary>The change history that a replica holds.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Replica">Whose history.</param>
/// <param name="Compacted">The last revision that is no longer in it; changes follow from the next one on.</param>
/// <param name="Last">The revision of the replica's state, which must be that of the last change.</param>
/// <param name="Changes">The changes in their order; one revision may have several.</param>
public readonly record struct ChangesSeen(BucketId Bucket, ReplicaId Replica, Revision Compacted, Revision Last, IReadOnlyList<ChangeContent> Changes);
