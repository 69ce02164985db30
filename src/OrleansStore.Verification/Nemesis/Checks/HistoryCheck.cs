using System.Collections.Concurrent;
using System.Text;
using OrleansStore.Verification.Linearizability;
using OrleansStore.Verification.Nemesis.Workload;

namespace OrleansStore.Verification.Nemesis.Checks;

/// <summary>Checks the history of a run, part by part, on all cores.</summary>
internal sealed class HistoryCheck(RecordedHistory history, KeyFamilies families, TimeSpan finalFrom)
{
    private readonly ConcurrentQueue<string> _lost = new();
    private Counterexample? _counterexample;
    private int _checked;
    private int _undecided;

    /// <summary>The share that is done, from 0 to 1. Safe to read at any time.</summary>
    public double Progress => history.FamilyCount == 0 ? 1 : (double)Volatile.Read(ref _checked) / history.FamilyCount;

    /// <summary>Checks everything. The first contradiction ends the search for others; lost writes are looked for all the same.</summary>
    public async Task<HistoryVerdict> RunAsync()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, history.FamilyCount),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            (family, _) =>
            {
                Check(family);
                Interlocked.Increment(ref _checked);
                return ValueTask.CompletedTask;
            }).ConfigureAwait(false);
        var verdict = _counterexample is not null ? LinearizabilityVerdict.NotLinearizable
            : _undecided > 0 ? LinearizabilityVerdict.Undecided
            : LinearizabilityVerdict.Linearizable;
        return new HistoryVerdict(verdict, history.OperationCount, history.FamilyCount, _undecided, _counterexample, [.. _lost.Take(HistoryVerdict.MaxSentences)]);
    }

    private void Check(int family)
    {
        foreach (var lost in LostWriteChecker.Check([.. history.RecordsOf(family)], finalFrom.Ticks, key => Encoding.UTF8.GetString(families.KeyOf(key).Bytes.Span)))
        {
            _lost.Enqueue(lost);
        }

        if (Volatile.Read(ref _counterexample) is not null)
        {
            return;
        }

        var report = LinearizabilityChecker.Check(history.OperationsOf(family));
        if (report.Verdict == LinearizabilityVerdict.Undecided)
        {
            Interlocked.Increment(ref _undecided);
        }

        if (report.Counterexample is { } counterexample)
        {
            Interlocked.CompareExchange(ref _counterexample, counterexample, null);
        }
    }
}
