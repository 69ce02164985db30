using Microsoft.Extensions.Logging;
using OrleansStore.Placement;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Peers;

namespace OrleansStore.Service.Replicas;

/// <summary>The ports that an engine gives to the buckets of one process.</summary>
public sealed record SiloEnvironment
{
    /// <summary>The datacenter of this process.</summary>
    public required DatacenterId Local { get; init; }

    /// <summary>Which datacenters hold which bucket.</summary>
    public required PlacementMap Placement { get; init; }

    /// <summary>The incarnations of all datacenters.</summary>
    public required IMemberDirectory Members { get; init; }

    /// <summary>The links to the other datacenters; they hand what they receive to the <see cref="BucketSilo"/>.</summary>
    public required IPeerLinks Links { get; init; }

    /// <summary>Lets buckets into the memory of this process. By default every one at once.</summary>
    public IActivationGate Gate { get; init; } = new OpenGate();

    /// <summary>Tells this process from the others of its datacenter, where there are any: it stands in the ids of its calls (<see cref="CallId"/>), so that an answer finds the way back. Null where there are
    /// no others: then one is drawn.</summary>
    public uint? CallTag { get; init; }

    /// <summary>Runs turns. Turns of one bucket never overlap, whatever it does.</summary>
    public required TaskScheduler Scheduler { get; init; }

    /// <summary>Runs what may block for long: loading, writing and sending snapshots.</summary>
    public required TaskScheduler BackgroundScheduler { get; init; }

    /// <summary>The clocks: its timestamps are the monotonic clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The source of all randomness; used from one thread at a time.</summary>
    public required IRandomSource Random { get; init; }

    /// <summary>Where to say what an operator should know.</summary>
    public required ILogger Logger { get; init; }
}
