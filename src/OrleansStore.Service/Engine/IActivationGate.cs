namespace OrleansStore.Service.Engine;

/// <summary>Decides when this process may have a bucket in memory: a port of the engine.</summary>
/// <remarks>An engine whose datacenter is one process lets every bucket in at once; one with virtual actors lets it in while its actor is active here. Safe for concurrent use.</remarks>
public interface IActivationGate
{
    /// <summary>Whether other processes of this datacenter may have buckets in memory, each bucket in one of them. Then a request for a bucket that is not here goes over the links, addressed to this
    /// very datacenter; what is due is woken by <see cref="WakeAsync"/>; and a bucket that another process has opened leaves this one instead of failing, for it may come back. Never changes.</summary>
    bool IsShared { get; }

    /// <summary>Whether the bucket may be in the memory of this process now, as far as is known here. Does not wait; always true where <see cref="IsShared"/> is false.</summary>
    bool IsHere(BucketId bucket);

    /// <summary>Asks to bring a bucket into memory.</summary>
    /// <remarks>Called when the bucket is wanted and not in memory, by at most <see cref="Replicas.SiloOptions.MaxConcurrentActivations"/> buckets at a time.</remarks>
    /// <param name="bucket">A bucket that has a replica in this datacenter.</param>
    /// <returns>Null if it may not be here now: what waits for it is refused as provably not proposed, and the next request asks again.</returns>
    /// <exception cref="Exception">None: an engine that cannot tell answers null.</exception>
    ValueTask<IBucketActivation?> EnterAsync(BucketId bucket);

    /// <summary>Has a bucket woken because something is due, in whatever process of this datacenter it then is: that one calls <see cref="Replicas.BucketSilo.Wake"/>. Only where
    /// <see cref="IsShared"/> is true.</summary>
    /// <param name="bucket">A bucket that has a replica in this datacenter.</param>
    /// <returns>False where nobody could be told; it is asked for again.</returns>
    /// <exception cref="Exception">None.</exception>
    ValueTask<bool> WakeAsync(BucketId bucket);
}
