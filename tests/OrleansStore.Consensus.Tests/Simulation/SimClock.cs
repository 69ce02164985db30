namespace OrleansStore.Consensus.Tests.Simulation;

/// <summary>The monotonic clock of one process: its own origin and its own rate.</summary>
internal sealed class SimClock(long originTicks, int driftPerMille)
{
    public MonotonicTime At(TimeSpan time) => new(originTicks + (time.Ticks * (1000 + driftPerMille) / 1000));
}
