using OrleansStore.Service;

namespace OrleansStore.Silo.Engines;

/// <summary>What runs the buckets of one datacenter.</summary>
internal interface IDatacenterEngine : IAsyncDisposable
{
    /// <summary>The name of the datacenter.</summary>
    string Name { get; }

    /// <summary>The store, through this datacenter.</summary>
    IStoreService Store { get; }

    /// <summary>Completes when the engine was stopped; fails where it cannot go on.</summary>
    Task Completion { get; }

    /// <summary>Ends cleanly: leadership goes to other datacenters, and what they asked of this one is finished.</summary>
    /// <param name="patience">How long to wait for what is in flight.</param>
    Task StopAsync(TimeSpan patience);
}
