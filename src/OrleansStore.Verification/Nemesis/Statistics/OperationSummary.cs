namespace OrleansStore.Verification.Nemesis.Statistics;

/// <summary>One kind of operation over a whole run.</summary>
/// <param name="Name">What it is, in the words of the command line.</param>
/// <param name="Answered">How many were answered.</param>
/// <param name="Rejected">How many of them changed nothing because a condition did not hold, or nothing was there.</param>
/// <param name="Unknown">How many writes may or may not have taken effect.</param>
/// <param name="Failed">How many failed for certain.</param>
/// <param name="P50">The median latency of those answered, with and without faults; zero if there was none.</param>
/// <param name="P99">The 99th percentile of their latency.</param>
/// <param name="Max">The longest latency of them.</param>
public sealed record OperationSummary(string Name, long Answered, long Rejected, long Unknown, long Failed, TimeSpan P50, TimeSpan P99, TimeSpan Max);
