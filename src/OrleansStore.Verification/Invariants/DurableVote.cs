namespace OrleansStore.Verification.Invariants;

/// <summary>What a replica must not forget besides its log.</summary>
/// <param name="Term">Its term.</param>
/// <param name="Vote">Whom it voted for in that term; <see cref="ReplicaId.None"/> for nobody.</param>
public readonly record struct DurableVote(Term Term, ReplicaId Vote);
