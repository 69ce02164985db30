namespace OrleansStore.Buckets.History;

/// <summary>Says what a reading of the history gave.</summary>
/// <param name="Status">Whether it could be read.</param>
/// <param name="Next">The revision to read on from. After <see cref="HistoryStatus.Compacted"/> the first revision that is still available.</param>
public readonly record struct HistoryPage(HistoryStatus Status, Revision Next);
