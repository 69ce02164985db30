using OrleansStore.Service.Engine;

namespace OrleansStore.Grains.Buckets;

/// <summary>One activation of a bucket grain in this silo, and whether the replica is in memory on its account.</summary>
internal sealed class BucketActivation(BucketId bucket, IGrainContext grain) : IBucketActivation
{
    private static readonly DeactivationReason Asleep = new(DeactivationReasonCode.ApplicationRequested, "The bucket is not in memory any more.");

    private readonly Lock _gate = new();
    private bool _isEntered;
    private bool _isOver;

    public BucketId Bucket => bucket;

    /// <summary>Lets the replica in.</summary>
    /// <returns>False once the grain is being deactivated: another activation will let it in, or has.</returns>
    public bool TryEnter()
    {
        lock (_gate)
        {
            _isEntered = !_isOver;
            return _isEntered;
        }
    }

    /// <summary>Lets nobody in any more.</summary>
    /// <returns>Whether the replica is in memory on this account, and has to be closed first.</returns>
    public bool End()
    {
        lock (_gate)
        {
            _isOver = true;
            return _isEntered;
        }
    }

    /// <inheritdoc/>
    public void Leave()
    {
        lock (_gate)
        {
            // 1. Nobody can enter from here on. 2. The grain goes. Whoever asks in between gets the next activation.
            (_isEntered, _isOver) = (false, true);
        }

        grain.Deactivate(Asleep, CancellationToken.None);
    }
}
