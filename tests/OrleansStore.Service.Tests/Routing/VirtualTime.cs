namespace OrleansStore.Service.Tests.Routing;

/// <summary>Virtual time and a single-threaded scheduler: everything that is awaited within <see cref="Run{T}"/> runs on the caller's thread, and time jumps to
/// the next timer when nothing else is to be done.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly PriorityQueue<(VirtualTimer Timer, long Version), (long Due, long Order)> _timers = new();
    private readonly Context _context;
    private long _order;

    public VirtualTime() => _context = new Context(this);

    public MonotonicTime Now { get; private set; } = new(TimeSpan.TicksPerDay);

    /// <summary>What the wall clock shows beyond the monotonic one.</summary>
    public long WallOffsetMilliseconds { get; set; } = 1_000_000_000_000;

    public WallTime Wall => new(WallOffsetMilliseconds + (Now.Ticks / TimeSpan.TicksPerMillisecond));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Wall.UnixMilliseconds);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs something to its end.</summary>
    public T Run<T>(Func<Task<T>> start)
    {
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            var task = start();
            while (!task.IsCompleted)
            {
                if (!TryStep(long.MaxValue))
                {
                    throw new InvalidOperationException($"Nothing is left to be done at {Now}, and still no end.");
                }
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    public void Run(Func<Task> start) => Run(async () =>
    {
        await start();
        return true;
    });

    /// <summary>Lets time pass, with all that happens in it.</summary>
    public void Advance(TimeSpan duration) => Run(() => Task.Delay(duration, this));

    private bool TryStep(long lastDue)
    {
        if (_ready.TryDequeue(out var work))
        {
            work.Callback(work.State);
            return true;
        }

        while (_timers.TryPeek(out var entry, out var at) && at.Due <= lastDue)
        {
            _timers.Dequeue();
            if (entry.Timer.Version == entry.Version)
            {
                Now = at.Due > Now.Ticks ? new MonotonicTime(at.Due) : Now;
                entry.Timer.Fire();
                return true;
            }
        }

        return false;
    }

    private sealed class Context(VirtualTime time) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => time._ready.Enqueue((d, state));

        public override void Send(SendOrPostCallback d, object? state) => d(state);

        public override SynchronizationContext CreateCopy() => this;
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        public long Version { get; private set; }

        public void Fire()
        {
            Version++;
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Assert.Equal(Timeout.InfiniteTimeSpan, period);
            Version++;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time._timers.Enqueue((this, Version), (time.Now.Ticks + dueTime.Ticks, time._order++));
            }

            return true;
        }

        public void Dispose() => Version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
