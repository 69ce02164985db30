using Microsoft.Extensions.Logging;

namespace OrleansStore.Datacenters.Links;

/// <summary>What the links take from outside, so that a simulated run controls all of it.</summary>
/// <param name="Scheduler">Runs one task at a time (<see cref="TaskScheduler.MaximumConcurrencyLevel"/> is 1); all of the links' work is done on it. In
/// production the
/// exclusive half of a <see cref="ConcurrentExclusiveSchedulerPair"/>.</param>
/// <param name="Time">Clocks and timers.</param>
/// <param name="Random">Jitter and session ids; used on the scheduler only.</param>
/// <param name="Logger">Where the links log.</param>
public sealed record LinkEnvironment(TaskScheduler Scheduler, TimeProvider Time, IRandomSource Random, ILogger Logger)
{
    internal MonotonicTime Now => new(Time.GetElapsedTime(0, Time.GetTimestamp()).Ticks);

    internal long WallTicks => (Time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Scheduler);
        ArgumentNullException.ThrowIfNull(Time);
        ArgumentNullException.ThrowIfNull(Random);
        ArgumentNullException.ThrowIfNull(Logger);
        if (Scheduler.MaximumConcurrencyLevel != 1)
        {
            throw new ArgumentException($"The links need a scheduler that runs one task at a time, not {Scheduler.MaximumConcurrencyLevel}.");
        }
    }
}
