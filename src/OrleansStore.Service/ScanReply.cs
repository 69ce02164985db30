using System.Collections.Immutable;

namespace OrleansStore.Service;

/// <summary>A page of a scan over all buckets.</summary>
/// <param name="Status"><see cref="ReadStatus.Found"/> where the page was read, also where it is empty; else why not.</param>
/// <param name="Records">The records in key order.</param>
/// <param name="Next">The first key of the next page, inclusive, though it may have no record; null after the last page. It is the whole position: nothing is kept for it.</param>
public sealed record ScanReply(ReadStatus Status, ImmutableArray<StoreRecord> Records, ReadOnlyMemory<byte>? Next)
{
    /// <summary>When a retry makes sense, counted from the answer; null where there is no advice.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
