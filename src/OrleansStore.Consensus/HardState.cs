namespace OrleansStore.Consensus;

/// <summary>What a replica must find again after a restart besides its log (Raft, figure 2: persistent state).</summary>
/// <param name="Term">The latest term the replica has seen.</param>
/// <param name="Vote">The candidate it voted for in that term; <see cref="ReplicaId.None"/> if it has not voted.</param>
/// <param name="Commit">A commit index known then. It may lag: losing an advance of it alone loses nothing.</param>
public readonly record struct HardState(Term Term, ReplicaId Vote, LogIndex Commit)
{
    /// <summary>The hard state of a replica that has never run.</summary>
    public static readonly HardState Empty;
}
