namespace OrleansStore.Verification.Nemesis.Workload;

/// <summary>What all clients share while they work. Safe for concurrent use.</summary>
/// <param name="clients">How many clients there are.</param>
internal sealed class WorkProgress(int clients)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(20);

    private readonly long[] _lastAnswers = new long[clients];
    private long _answered;
    private int _lastValue;
    private long _intervalTicks;

    /// <summary>How many operations were answered.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>The pause of each client from the beginning of one operation to that of the next; zero for none.</summary>
    public TimeSpan Interval
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _intervalTicks));
        set => Interlocked.Exchange(ref _intervalTicks, value.Ticks);
    }

    /// <summary>A number that no value has had.</summary>
    public int NextValue() => Interlocked.Increment(ref _lastValue);

    /// <summary>Takes note that somebody was answered. Who is no client, because they read at the end, only counts.</summary>
    public void Answer(int client, TimeSpan now)
    {
        Interlocked.Increment(ref _answered);
        if (client < _lastAnswers.Length)
        {
            Interlocked.Exchange(ref _lastAnswers[client], now.Ticks);
        }
    }

    /// <summary>Waits until every client has been answered since a moment.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="deadline">When to give up.</param>
    /// <param name="clock">The time of the run.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>How many clients were not; 0 if all were.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<int> AwaitAllSinceAsync(TimeSpan moment, TimeSpan deadline, NemesisClock clock, CancellationToken cancellationToken)
    {
        while (true)
        {
            var silent = 0;
            for (var client = 0; client < _lastAnswers.Length; client++)
            {
                silent += Interlocked.Read(ref _lastAnswers[client]) <= moment.Ticks ? 1 : 0;
            }

            if (silent == 0 || clock.Now >= deadline)
            {
                return silent;
            }

            await Task.Delay(CheckInterval, clock.Provider, cancellationToken).ConfigureAwait(false);
        }
    }
}
