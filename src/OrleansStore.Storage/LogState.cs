using OrleansStore.Consensus;

namespace OrleansStore.Storage;

/// <summary>What storage holds of one replica, all of it durable.</summary>
/// <param name="HardState">Term, vote and commit index; <see cref="Consensus.HardState.Empty"/> for a replica that never wrote.</param>
/// <param name="CompactedTo">The last entry that is no longer in the log; index 0 where none was dropped.</param>
/// <param name="Entries">The log after <paramref name="CompactedTo"/>, without gaps.</param>
/// <param name="DueTime">When the bucket wants to be woken.</param>
/// <param name="Snapshot">The newest snapshot; null where there is none. It covers at least <paramref name="CompactedTo"/>.</param>
public sealed record LogState(HardState HardState, EntryId CompactedTo, IReadOnlyList<Entry> Entries, DueTime DueTime, SnapshotDescriptor? Snapshot)
{
    /// <summary>The last index of the log, whether it was dropped or not.</summary>
    public LogIndex LastIndex => Entries.Count > 0 ? Entries[^1].Index : CompactedTo.Index;
}
