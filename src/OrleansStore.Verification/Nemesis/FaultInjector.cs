using OrleansStore.Verification.Nemesis.Faults;
using OrleansStore.Verification.Nemesis.Reports;
using OrleansStore.Verification.Nemesis.Workload;

namespace OrleansStore.Verification.Nemesis;

/// <summary>Carries a schedule out, one fault after the other, each on a cluster that has come back from the one before: every datacenter is ready, and every client was answered.</summary>
internal sealed class FaultInjector(IFaultTarget target, ReadinessProbe probe, WorkProgress progress, TimeSpan recoveryBound, NemesisClock clock)
{
    // What the recovery from one fault left to do is not to be taken for what the next one does.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    private readonly List<FaultWindow> _windows = [];
    private readonly List<string> _notRecovered = [];

    /// <summary>The faults so far. To be read once <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyList<FaultWindow> Windows => _windows;

    /// <summary>What did not come back, one sentence each. To be read once <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyList<string> NotRecovered => _notRecovered;

    /// <summary>What is being done, in words; null for nothing. Safe to read at any time.</summary>
    public string? Current { get; private set; }

    /// <summary>Injects and heals until the schedule is done, the cluster does not come back, or the token is cancelled. Nothing is left broken in any case.</summary>
    /// <param name="schedule">What to do.</param>
    /// <param name="end">No fault begins that would not be over by then.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public async Task RunAsync(IReadOnlyList<FaultEvent> schedule, TimeSpan end, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var fault in schedule)
            {
                await clock.WaitUntilAsync(fault.Start, cancellationToken).ConfigureAwait(false);
                if (clock.Now + fault.Duration > end)
                {
                    // The cluster took so long to come back that the time is up.
                    break;
                }

                if (!await InjectAsync(fault, cancellationToken).ConfigureAwait(false))
                {
                    break;
                }
            }

            await clock.WaitUntilAsync(end, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Stopped early, healed.
        }
    }

    private async Task<bool> InjectAsync(FaultEvent fault, CancellationToken cancellationToken)
    {
        var injected = clock.Now;
        Current = FaultText.Describe(fault);
        try
        {
            await target.InjectAsync(fault, cancellationToken).ConfigureAwait(false);
            await clock.WaitUntilAsync(injected + fault.Duration, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await target.HealAsync(fault).ConfigureAwait(false);
            _windows.Add(new FaultWindow(fault, injected, clock.Now, null));
            Current = null;
        }

        return await RecoverAsync(fault, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> RecoverAsync(FaultEvent fault, CancellationToken cancellationToken)
    {
        var healed = _windows[^1].Healed;
        var missing = await probe.AwaitAllAsync(recoveryBound, cancellationToken).ConfigureAwait(false);
        if (missing.Count > 0)
        {
            _notRecovered.Add($"{recoveryBound.TotalSeconds:0} s after \"{FaultText.Describe(fault)}\" was healed, {string.Join(", ", missing)}.");
            return false;
        }

        if (await progress.AwaitAllSinceAsync(healed, healed + recoveryBound, clock, cancellationToken).ConfigureAwait(false) is > 0 and var silent)
        {
            _notRecovered.Add($"{recoveryBound.TotalSeconds:0} s after \"{FaultText.Describe(fault)}\" was healed, {silent} clients had no answer.");
            return false;
        }

        _windows[^1] = _windows[^1] with { Recovered = clock.Now };
        await Task.Delay(Calm, clock.Provider, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
