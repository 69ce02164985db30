namespace OrleansStore.Simulation;

/// <summary>The clocks of one simulated process: a monotonic one with a rate of its own, and a wall clock that may be off. Timers fire in virtual time.</summary>
internal sealed class SimTime(SimWorld world, SimScheduler scheduler, int driftPerMille, TimeSpan wallOffset) : TimeProvider
{
    private static readonly DateTimeOffset Origin = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TimeSpan _wallOffset = wallOffset;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => TimeSpan.TicksPerSecond + Drifted(world.Time).Ticks;

    public override DateTimeOffset GetUtcNow() => Origin + Drifted(world.Time) + _wallOffset;

    public void JumpWallClock(TimeSpan by) => _wallOffset += by;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private TimeSpan Drifted(TimeSpan time) => new(time.Ticks * (1000 + driftPerMille) / 1000);

    private sealed class Timer(SimTime time, TimerCallback callback, object? state) : ITimer
    {
        private int _version;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = ++_version;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                time.Schedule(dueTime, () => Fire(version, period));
            }

            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Fire(int version, TimeSpan period)
        {
            if (version != _version)
            {
                return;
            }

            callback(state);
            if (version == _version && period != Timeout.InfiniteTimeSpan && period > TimeSpan.Zero)
            {
                time.Schedule(period, () => Fire(version, period));
            }
        }
    }

    private void Schedule(TimeSpan after, Action act) => world.After(after, act, scheduler);
}
