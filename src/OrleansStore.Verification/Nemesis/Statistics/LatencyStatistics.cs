using OrleansStore.Verification.Nemesis.Workload;

namespace OrleansStore.Verification.Nemesis.Statistics;

/// <summary>Latency over the time of a run, and over the kinds of operations. Exact: from every single operation. Pure.</summary>
internal static class LatencyStatistics
{
    /// <summary>Latency by the second in which operations were sent.</summary>
    /// <param name="logs">What the clients did.</param>
    /// <param name="end">When they stopped: what was sent afterwards does not count.</param>
    public static IReadOnlyList<LatencySecond> BySecond(IReadOnlyList<OperationLog> logs, TimeSpan end)
    {
        var seconds = Enumerable.Range(0, (int)Math.Ceiling(end.TotalSeconds)).Select(_ => (Latencies: new List<long>(), Failed: new int[1])).ToArray();
        foreach (var log in logs)
        {
            for (var i = 0; i < log.Count; i++)
            {
                ref readonly var record = ref log[i];
                if (record.BeginTime >= end)
                {
                    continue;
                }

                var second = seconds[(int)record.BeginTime.TotalSeconds];
                if (record.IsAnswered)
                {
                    second.Latencies.Add(record.End - record.Begin);
                }
                else
                {
                    second.Failed[0]++;
                }
            }
        }

        return [.. seconds.Select(second => Summarize(second.Latencies, second.Failed[0]))];
    }

    /// <summary>Latency by what was done.</summary>
    /// <param name="logs">What the clients did.</param>
    /// <param name="end">When they stopped: what was sent afterwards does not count.</param>
    public static IReadOnlyList<OperationSummary> ByKind(IReadOnlyList<OperationLog> logs, TimeSpan end) =>
        [.. new (string Name, WorkKind[] Kinds)[]
        {
            ("get", [WorkKind.Get]),
            ("put", [WorkKind.Put]),
            ("cas", [WorkKind.PutIfAbsent, WorkKind.SwapRevision, WorkKind.SwapValue]),
            ("delete", [WorkKind.Delete]),
            ("transaction", [WorkKind.PutPair, WorkKind.Move]),
        }.Select(row => Summarize(row.Name, row.Kinds, logs, end))];

    private static LatencySecond Summarize(List<long> latencies, int failed)
    {
        latencies.Sort();
        return new LatencySecond(latencies.Count, failed, Percentile(latencies, 0.5), Percentile(latencies, 0.99), Percentile(latencies, 1));
    }

    private static OperationSummary Summarize(string name, WorkKind[] kinds, IReadOnlyList<OperationLog> logs, TimeSpan end)
    {
        var latencies = new List<long>();
        var (rejected, unknown, failed) = (0L, 0L, 0L);
        foreach (var log in logs)
        {
            for (var i = 0; i < log.Count; i++)
            {
                ref readonly var record = ref log[i];
                if (record.BeginTime >= end || !kinds.Contains(record.Kind))
                {
                    continue;
                }

                rejected += record.Status is WorkStatus.Rejected or WorkStatus.Missing ? 1 : 0;
                unknown += record.Status == WorkStatus.Unknown ? 1 : 0;
                failed += record.Status == WorkStatus.Failed ? 1 : 0;
                if (record.IsAnswered)
                {
                    latencies.Add(record.End - record.Begin);
                }
            }
        }

        latencies.Sort();
        return new OperationSummary(
            name, latencies.Count, rejected, unknown, failed, Percentile(latencies, 0.5), Percentile(latencies, 0.99), Percentile(latencies, 1));
    }

    // The smallest one with at least that share at or below it.
    private static TimeSpan Percentile(List<long> sorted, double share) =>
        sorted.Count == 0 ? TimeSpan.Zero : TimeSpan.FromTicks(sorted[Math.Max((int)Math.Ceiling(share * sorted.Count), 1) - 1]);
}
