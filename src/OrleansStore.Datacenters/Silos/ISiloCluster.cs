using System.Collections.Immutable;

namespace OrleansStore.Datacenters.Silos;

/// <summary>The silos of one datacenter that share its database: a port of the engine. Safe for concurrent use.</summary>
public interface ISiloCluster
{
    /// <summary>This silo.</summary>
    SiloName Self { get; }

    /// <summary>The silos that are thought to run, this one included; in any order.</summary>
    ImmutableArray<SiloName> Members { get; }

    /// <summary>Whether a bucket's actor is active in this silo.</summary>
    bool IsHere(BucketId bucket);

    /// <summary>Sees to it that a bucket's actor is active somewhere in the datacenter.</summary>
    /// <returns>Where; null if that cannot be told now.</returns>
    /// <exception cref="Exception">None.</exception>
    ValueTask<SiloName?> LocateAsync(BucketId bucket);

    /// <summary>Hands a batch to <see cref="SiloSwitch.Receive"/> of another silo, once or not at all.</summary>
    /// <param name="to">Not this silo.</param>
    /// <param name="batch">Belongs to the callee until the call ends.</param>
    /// <returns>What that silo returned.</returns>
    /// <exception cref="IOException">It may not have arrived.</exception>
    ValueTask<ImmutableArray<BucketId>> DeliverAsync(SiloName to, ReadOnlyMemory<byte> batch);
}
