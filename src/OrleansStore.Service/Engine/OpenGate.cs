namespace OrleansStore.Service.Engine;

/// <summary>The gate of an engine whose datacenter is one process: the lock on the storage is all the right it needs (invariant 2).</summary>
public sealed class OpenGate : IActivationGate
{
    private static readonly Activation Always = new();

    /// <inheritdoc/>
    public bool IsShared => false;

    /// <inheritdoc/>
    public bool IsHere(BucketId bucket) => true;

    /// <inheritdoc/>
    public ValueTask<IBucketActivation?> EnterAsync(BucketId bucket) => new(Always);

    /// <inheritdoc/>
    public ValueTask<bool> WakeAsync(BucketId bucket) => throw new InvalidOperationException("A datacenter of one process wakes its buckets itself.");

    private sealed class Activation : IBucketActivation
    {
        public void Leave()
        {
            // Whoever is always let in need not say that he leaves.
        }
    }
}
