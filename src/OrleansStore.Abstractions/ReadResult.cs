namespace OrleansStore;

/// <summary>The answer to a read of one key.</summary>
/// <param name="Status">What happened.</param>
/// <param name="Record">The record; null unless the status is <see cref="ReadStatus.Found"/>.</param>
/// <param name="Revision">The bucket's revision that the read saw; <see cref="Revision.None"/> where it was not served.</param>
/// <param name="AppliedIndex">The log index that the serving replica had applied; <see cref="LogIndex.None"/> where it was not served.</param>
public sealed record ReadResult(ReadStatus Status, StoreRecord? Record, Revision Revision, LogIndex AppliedIndex)
{
    /// <summary>When a retry makes sense, counted from the answer; null where there is no advice.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
