using Microsoft.Extensions.Logging;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Datacenters.Links;
using OrleansStore.Storage.Files;

namespace OrleansStore.Datacenters;

/// <summary>What a datacenter takes from outside, so that a simulated run controls all of it.</summary>
/// <param name="Time">Clocks and timers.</param>
/// <param name="Logger">Where it logs.</param>
internal sealed record DatacenterEnvironment(TimeProvider Time, ILogger Logger)
{
    /// <summary>Ids, jitter and election timeouts; may be used by several threads at a time where <see cref="Scheduler"/> is null.</summary>
    public IRandomSource Random { get; init; } = new CryptographicRandomSource();

    /// <summary>Where data folders are.</summary>
    public IFileSystem Files { get; init; } = new LocalFileSystem();

    /// <summary>Runs everything, one task at a time, in a simulated run; null for the thread pool, and a thread of its own for the log.</summary>
    public TaskScheduler? Scheduler { get; init; }

    /// <summary>Runs the turns of buckets.</summary>
    public TaskScheduler TurnScheduler => Scheduler ?? TaskScheduler.Default;

    /// <summary>Creates what runs the links and the formation: one task at a time.</summary>
    public LinkEnvironment CreateLinkEnvironment() =>
        new(Scheduler ?? new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler, Time, Random, Logger);

    /// <summary>Creates what runs work that may block for long, such as reading a bucket back from its files.</summary>
    public TaskScheduler CreateBackgroundScheduler() =>
        Scheduler ?? new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, Environment.ProcessorCount + 2).ConcurrentScheduler;
}
