using OrleansStore.Consensus;

namespace OrleansStore.Buckets.Replicas;

/// <summary>Something to make durable. Writes are durable in the order in which they were emitted; each is reported with <see cref="BucketReplica.CompleteWrite"/>.</summary>
/// <param name="Token">Identifies the write; tokens rise.</param>
/// <param name="HardState">The hard state that replaces the stored one; null for no change.</param>
/// <param name="InstalledSnapshot">The entry that a durable, received snapshot ends at: the log starts anew behind it. Null for none.</param>
/// <param name="Entries">Entries that continue the log, or overwrite it from their first index on.</param>
/// <param name="CompactedTo">The log is dropped up to this entry, which a durable snapshot covers; null for none.</param>
/// <param name="DueTime">When the bucket wants to be woken: a null inside means never. Null for no change.</param>
public readonly record struct ReplicaWrite(
    ulong Token, HardState? HardState, EntryId? InstalledSnapshot, ReadOnlyMemory<Entry> Entries, EntryId? CompactedTo, DueTimeChange? DueTime);
