namespace OrleansStore.Consensus;

/// <summary>What a replica believes now and need not remember.</summary>
/// <param name="Role">Its part in the current term.</param>
/// <param name="Leader">The leader of the current term; <see cref="ReplicaId.None"/> while it is not known.</param>
public readonly record struct SoftState(RaftRole Role, ReplicaId Leader);
