namespace OrleansStore.Cli.Bench;

/// <summary>What a benchmark measured.</summary>
/// <param name="Plan">What was done.</param>
/// <param name="Tally">What all callers counted.</param>
/// <param name="Counted">The time from the end of the warm-up to the last answer.</param>
/// <param name="ProcessorTime">What this process used of the processor, warm-up included.</param>
/// <param name="WasStopped">Whether it was ended before its time.</param>
internal sealed record BenchResult(BenchPlan Plan, BenchTally Tally, TimeSpan Counted, TimeSpan ProcessorTime, bool WasStopped)
{
    /// <summary>All operations that were served.</summary>
    public LatencyHistogram Latency { get; } = Sum(Tally);

    public double OperationsPerSecond => Counted > TimeSpan.Zero ? Latency.Count / Counted.TotalSeconds : 0;

    /// <summary>What each operation cost this process, in microseconds of a processor.</summary>
    public double ProcessorMicroseconds => Tally.Finished > 0 ? ProcessorTime.TotalMicroseconds / Tally.Finished : 0;

    /// <summary>Whether anything failed.</summary>
    public bool HasErrors => Tally.ErrorCount + Tally.WarmUpErrors > 0;

    private static LatencyHistogram Sum(BenchTally tally)
    {
        var all = new LatencyHistogram();
        all.Add(tally.Gets);
        all.Add(tally.Puts);
        all.Add(tally.CompareAndSets);
        return all;
    }
}
