using System.Collections.Immutable;

namespace OrleansStore;

/// <summary>One page of a scan of one bucket.</summary>
/// <param name="Status">What happened; <see cref="ReadStatus.Found"/> also for an empty page.</param>
/// <param name="Records">The records in key order; empty where the scan was not served.</param>
/// <param name="Next">Where the next page starts, inclusive; null where the range is exhausted or the scan was not served.</param>
/// <param name="Revision">The bucket's revision that the scan saw; <see cref="Revision.None"/> where it was not served.</param>
/// <param name="AppliedIndex">The log index that the serving replica had applied; <see cref="LogIndex.None"/> where it was not served.</param>
public sealed record ScanPage(ReadStatus Status, ImmutableArray<StoreRecord> Records, ReadOnlyMemory<byte>? Next, Revision Revision, LogIndex AppliedIndex)
{
    /// <summary>When a retry makes sense, counted from the answer; null where there is no advice.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
