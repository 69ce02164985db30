using System.Collections.Immutable;

namespace OrleansStore.Grains.Abstractions;

/// <summary>A page of a scan over all buckets.</summary>
[GenerateSerializer, Immutable, Alias("orleansstore.page")]
public sealed class ScanAnswer
{
    /// <summary><see cref="ReadStatus.Found"/> where the page was read, also where it is empty; else why not.</summary>
    [Id(0)]
    public ReadStatus Status { get; init; }

    /// <summary>The records in key order.</summary>
    [Id(1)]
    public ImmutableArray<StoreRecord> Records { get; init; } = [];

    /// <summary>The first key of the next page, inclusive; null after the last page. It is the whole position: nothing is kept for it.</summary>
    [Id(2)]
    public byte[]? Next { get; init; }

    /// <summary>When a retry makes sense, counted from the answer; null where there is no advice.</summary>
    [Id(3)]
    public TimeSpan? RetryAfter { get; init; }
}
