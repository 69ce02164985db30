using OrleansStore.Cli.Rendering;

namespace OrleansStore.Cli.Bench;

/// <summary>Runs a benchmark: writes the keys, warms up, measures.</summary>
internal sealed class BenchRun(BenchPlan plan, IBenchDriver driver, TimeProvider time, ProgressDisplay progress)
{
    // Enough to keep a store busy, few enough not to be what is measured afterwards.
    private const int MinPreloadCallers = 32;

    /// <summary>Writes every key once.</summary>
    /// <returns>The code of the error that ended it; null where all keys are written.</returns>
    public async Task<string?> PreloadAsync(CancellationToken cancellationToken)
    {
        var work = new PreloadWork(plan.KeyCount);
        await using var stop = cancellationToken.Register(() => work.Fail("cancelled"));
        var callers = Enumerable.Range(0, Math.Max(plan.Callers, MinPreloadCallers)).Select(_ => new PreloadScript(work)).ToList();
        await progress.ShowAsync("writing keys", plan.KeyCount, () => work.Done, driver.RunAsync(callers));
        return work.Error;
    }

    /// <summary>Warms up and measures. Cancelled, it ends early and returns what was measured until then.</summary>
    public async Task<BenchResult> MeasureAsync(CancellationToken cancellationToken)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var random = new SplitMix64(plan.Seed);
        var window = new BenchWindow(time, plan.WarmUp, plan.Duration);
        await using var stop = cancellationToken.Register(window.Stop);
        var callers = Enumerable.Range(0, plan.Callers).Select(_ => new MeasuredScript(plan, window, random.Fork())).ToList();
        var total = (plan.WarmUp + plan.Duration).TotalSeconds;
        await progress.ShowAsync(
            $"{plan.Mix.ToString().ToLowerInvariant()}, {plan.Callers} callers", total, () => Math.Min(window.Elapsed.TotalSeconds, total), driver.RunAsync(callers));
        var counted = window.Counted;
        var tally = new BenchTally();
        callers.ForEach(caller => tally.Add(caller.Tally));
        return new BenchResult(plan, tally, counted, Environment.CpuUsage.TotalTime - processor, cancellationToken.IsCancellationRequested);
    }
}
