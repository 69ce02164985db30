namespace OrleansStore.Service.Engine;

/// <summary>Decides when this process may have a bucket in memory: a port of the engine.</summary>
/// <remarks>An engine whose datacenter is one process lets every bucket in at once; one with virtual actors lets it in while its actor is active here. Safe for concurrent use.</remarks>
public interface IActivationGate
{
    /// <summary>Asks to bring a bucket into memory.</summary>
    /// <remarks>Called when the bucket is wanted and not in memory, by at most <see cref="Replicas.SiloOptions.MaxConcurrentActivations"/> buckets at a time.</remarks>
    /// <param name="bucket">A bucket that has a replica in this datacenter.</param>
    /// <returns>Null if it may not be here now: what waits for it is refused as provably not proposed, and the next request asks again.</returns>
    /// <exception cref="Exception">None: an engine that cannot tell answers null.</exception>
    ValueTask<IBucketActivation?> EnterAsync(BucketId bucket);
}
