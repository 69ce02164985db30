using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;

namespace OrleansStore.Buckets.Replicas;

/// <summary>What a replica knows of itself and its group.</summary>
/// <param name="Role">Its part.</param>
/// <param name="Term">Its term.</param>
/// <param name="Leader">The leader; <see cref="ReplicaId.None"/> while it is not known.</param>
/// <param name="Commit">The last entry known to be committed.</param>
/// <param name="Applied">The last entry applied.</param>
/// <param name="LastIndex">The last entry of the log.</param>
/// <param name="Hibernation">Whether it sleeps.</param>
/// <param name="Config">The members.</param>
public readonly record struct ReplicaStatus(
    RaftRole Role, Term Term, ReplicaId Leader, LogIndex Commit, LogIndex Applied, LogIndex LastIndex, HibernationPhase Hibernation, GroupConfig Config);
