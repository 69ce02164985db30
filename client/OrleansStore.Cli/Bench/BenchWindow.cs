namespace OrleansStore.Cli.Bench;

/// <summary>When a benchmark counts: after the warm-up, until its end or until it is stopped. Safe for concurrent use.</summary>
internal sealed class BenchWindow
{
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly long _start;
    private long _end;

    /// <summary>Opens the window: the warm-up begins now.</summary>
    public BenchWindow(TimeProvider time, TimeSpan warmUp, TimeSpan duration)
    {
        _time = time;
        _origin = time.GetTimestamp();
        _start = _origin + ToTimestamps(warmUp);
        _end = _start + ToTimestamps(duration);
    }

    /// <summary>Whether an operation that begins at this timestamp counts.</summary>
    public bool IsCounted(long timestamp) => timestamp >= _start;

    /// <summary>Whether no operation begins any more.</summary>
    public bool IsOver(long timestamp) => timestamp >= Volatile.Read(ref _end);

    /// <summary>Ends the window now.</summary>
    public void Stop()
    {
        var now = _time.GetTimestamp();
        if (now < Volatile.Read(ref _end))
        {
            Volatile.Write(ref _end, now);
        }
    }

    /// <summary>The time since the warm-up began.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_origin);

    /// <summary>The time that counted up to now, once it is over; never negative.</summary>
    public TimeSpan Counted
    {
        get
        {
            var counted = _time.GetElapsedTime(_start);
            return counted > TimeSpan.Zero ? counted : TimeSpan.Zero;
        }
    }

    public TimeSpan Between(long from, long to) => _time.GetElapsedTime(from, to);

    private long ToTimestamps(TimeSpan time) => (long)(time.TotalSeconds * _time.TimestampFrequency);
}
