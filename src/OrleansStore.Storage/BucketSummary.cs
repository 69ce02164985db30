using OrleansStore.Consensus;

namespace OrleansStore.Storage;

/// <summary>What is known of a bucket without waking it.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="HardState">Its stored hard state.</param>
/// <param name="CompactedTo">The last entry that is no longer in its log.</param>
/// <param name="LastIndex">The last index of its log.</param>
/// <param name="DueTime">When it wants to be woken.</param>
public readonly record struct BucketSummary(BucketId Bucket, HardState HardState, EntryId CompactedTo, LogIndex LastIndex, DueTime DueTime);
