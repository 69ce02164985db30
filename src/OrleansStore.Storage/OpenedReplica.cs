namespace OrleansStore.Storage;

/// <summary>What opening a replica's storage gives.</summary>
/// <param name="Log">The writer; it keeps nothing of <paramref name="State"/> in memory.</param>
/// <param name="State">What storage holds; the caller's.</param>
/// <param name="Claim">The right to speak for the replica. Until <see cref="IReplicaClaim.WaitAsync"/> has ended an earlier activation elsewhere may still hold it.</param>
public readonly record struct OpenedReplica(IReplicaLog Log, LogState State, IReplicaClaim Claim);
