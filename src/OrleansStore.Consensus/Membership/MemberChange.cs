namespace OrleansStore.Consensus.Membership;

/// <summary>One step of a <see cref="ConfigChange"/>.</summary>
/// <param name="Type">What happens.</param>
/// <param name="Id">To whom; <see cref="ReplicaId.None"/> makes the step do nothing.</param>
public readonly record struct MemberChange(ConfigChangeType Type, ReplicaId Id);
