using OrleansStore.Consensus;

namespace OrleansStore.Storage;

/// <summary>What one turn of a bucket makes durable. All parts become durable together or, after a crash, not at all if none was acknowledged.</summary>
/// <remarks>The parts take effect in the order of the properties. A part that is null or empty changes nothing.</remarks>
public readonly record struct LogAppend
{
    /// <summary>Forgets all about the bucket: hard state, log, due time. Stands alone in its append. Once it is durable the snapshots are deleted through
    /// the snapshot store, before anything else is appended; a crash in between is made good when the storage is opened next.</summary>
    public bool RemovesBucket { get; init; }

    /// <summary>The hard state that replaces the stored one.</summary>
    public HardState? HardState { get; init; }

    /// <summary>A snapshot from the leader took the log's place: the log is empty and goes on after this entry. Its snapshot must be durable (invariant 7).</summary>
    public EntryId? InstalledSnapshot { get; init; }

    /// <summary>Consecutive entries. The first one continues the stored log, or overwrites it from that index on (Raft section 5.3). Only read
    /// during the call.</summary>
    public ReadOnlyMemory<Entry> Entries { get; init; }

    /// <summary>Drops the log up to and including this entry. A snapshot that covers it must be durable (invariant 7).</summary>
    public EntryId? CompactedTo { get; init; }

    /// <summary>The due time that replaces the stored one.</summary>
    public DueTime? DueTime { get; init; }
}
