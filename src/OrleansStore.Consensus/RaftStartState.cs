using OrleansStore.Consensus.Membership;

namespace OrleansStore.Consensus;

/// <summary>What a replica knows when it starts: what it finds in its storage, and what its process remembers.</summary>
public sealed class RaftStartState
{
    /// <summary>The durable term, vote and commit index; <see cref="HardState.Empty"/> if the replica never ran.</summary>
    public HardState HardState { get; init; }

    /// <summary>The entry before the first one that storage still has: what the log was compacted to.</summary>
    public EntryId Compacted { get; init; }

    /// <summary>The durable entries after <see cref="Compacted"/>, with consecutive indexes.</summary>
    public ReadOnlyMemory<Entry> Entries { get; init; }

    /// <summary>The last entry the state machine has applied: what its snapshot covers, or later where it was kept. At least <see cref="Compacted"/>.</summary>
    public LogIndex Applied { get; init; }

    /// <summary>The group's configuration as of <see cref="Applied"/>.</summary>
    public GroupConfig Config { get; init; } = GroupConfig.Empty;

    /// <summary>Until when this replica promised to grant no vote, by the clock of this process; null if the process does not know, because it was
    /// started since: the replica then waits one full lease duration (invariant 6).</summary>
    public MonotonicTime? PromisedUntil { get; init; }
}
