namespace OrleansStore.Embedded.Testing;

internal sealed class VirtualTimer(VirtualWorld world, TimerCallback callback, object? state) : ITimer
{
    // Invariant: the one time at which the timer is due; what else stands in the world's queue is out of date.
    private long? _dueTicks;
    private TimeSpan _period;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _dueTicks = null;
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Schedule(world.NowTicks + dueTime.Ticks);
        }

        return true;
    }

    public void Fire(long dueTicks)
    {
        if (_dueTicks != dueTicks)
        {
            return;
        }

        _dueTicks = null;
        if (_period > TimeSpan.Zero)
        {
            Schedule(world.NowTicks + _period.Ticks);
        }

        callback(state);
    }

    public void Dispose() => _dueTicks = null;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Schedule(long dueTicks)
    {
        _dueTicks = dueTicks;
        world.Schedule(this, dueTicks);
    }
}
