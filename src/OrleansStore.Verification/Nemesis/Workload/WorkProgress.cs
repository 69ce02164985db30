namespace OrleansStore.Verification.Nemesis.Workload;

/// <summary>What all clients share while they work. Safe for concurrent use.</summary>
internal sealed class WorkProgress(int clients)
{
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

    public void Answer(int client, TimeSpan now)
    {
        Interlocked.Increment(ref _answered);
        Interlocked.Exchange(ref _lastAnswers[client], now.Ticks);
    }

    /// <summary>When a client was answered last; zero if never.</summary>
    public TimeSpan LastAnswer(int client) => TimeSpan.FromTicks(Interlocked.Read(ref _lastAnswers[client]));
}
