namespace OrleansStore.Storage;

/// <summary>What opening a replica's storage gives.</summary>
/// <param name="Log">The writer; it keeps nothing of <paramref name="State"/> in memory.</param>
/// <param name="State">What storage holds; the caller's.</param>
public readonly record struct OpenedReplica(IReplicaLog Log, LogState State);
