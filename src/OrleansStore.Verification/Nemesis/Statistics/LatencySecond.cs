namespace OrleansStore.Verification.Nemesis.Statistics;

/// <summary>Latency of the operations that were sent in one second of a run and answered, and how many were not.</summary>
/// <param name="Answered">How many were answered.</param>
/// <param name="Failed">How many were not, or without an outcome.</param>
/// <param name="P50">The median; zero if none was answered.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="Max">The longest.</param>
public sealed record LatencySecond(int Answered, int Failed, TimeSpan P50, TimeSpan P99, TimeSpan Max);
