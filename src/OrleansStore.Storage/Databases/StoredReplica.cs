using OrleansStore.Consensus;

namespace OrleansStore.Storage.Databases;

/// <summary>The row of a bucket.</summary>
/// <param name="Writer">The bucket, with its newest writer.</param>
/// <param name="HardState">Its hard state.</param>
/// <param name="CompactedTo">The last entry that is no longer in its log.</param>
/// <param name="LastIndex">The last index of its log.</param>
/// <param name="DueTime">When it wants to be woken.</param>
/// <param name="Snapshot">The row of its newest snapshot; null where there is none.</param>
internal readonly record struct StoredReplica(
    ReplicaWriter Writer, HardState HardState, EntryId CompactedTo, LogIndex LastIndex, DueTime DueTime, StoredSnapshot? Snapshot)
{
    /// <summary>Whether nothing was ever written, or all was removed: then only the epoch is remembered.</summary>
    public bool IsEmpty => HardState == HardState.Empty && CompactedTo == default && LastIndex == LogIndex.None && DueTime == DueTime.None;

    /// <summary>The same for those who list buckets.</summary>
    public BucketSummary Summary => new(Writer.Bucket, HardState, CompactedTo, LastIndex, DueTime);
}
