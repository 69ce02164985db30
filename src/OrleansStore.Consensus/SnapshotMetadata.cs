using OrleansStore.Consensus.Membership;

namespace OrleansStore.Consensus;

/// <summary>The place in the log that a snapshot stands for (Raft section 7).</summary>
/// <param name="Index">The last entry the snapshot covers; 0 where there is no snapshot.</param>
/// <param name="Term">The term of that entry.</param>
/// <param name="Config">The group's configuration as of that entry.</param>
public sealed record SnapshotMetadata(LogIndex Index, Term Term, GroupConfig Config)
{
    /// <summary>No snapshot: the log starts at index 1 and the group has no members.</summary>
    public static readonly SnapshotMetadata Empty = new(LogIndex.None, Term.None, GroupConfig.Empty);

    /// <summary>Whether there is no snapshot.</summary>
    public bool IsEmpty => Index == LogIndex.None;

    /// <summary>Term and index of the last entry the snapshot covers.</summary>
    public EntryId LastEntry => new(Term, Index);
}
