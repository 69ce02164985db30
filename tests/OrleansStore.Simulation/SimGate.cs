using OrleansStore.Service.Engine;

namespace OrleansStore.Simulation;

/// <summary>An engine that does not always let a bucket into memory, as one whose actors cannot be placed while its cluster is busy.</summary>
internal sealed class SimGate : IActivationGate
{
    private const int MaxRefusedPercent = 60;

    private readonly SimCluster _cluster;
    private readonly OpenGate _open = new();

    // Its own source: a gate that refuses nothing changes nothing in a run.
    private readonly SplitMix64 _random;
    private readonly int _refusedPercent;

    public SimGate(SimCluster cluster, ulong seed)
    {
        _cluster = cluster;
        _random = new SplitMix64(seed ^ 0x9E37_79B9_7F4A_7C15);
        _refusedPercent = _random.Next(4) == 0 ? _random.Next(MaxRefusedPercent) : 0;
    }

    /// <inheritdoc/>
    public bool IsShared => _open.IsShared;

    /// <inheritdoc/>
    public bool IsHere(BucketId bucket) => _open.IsHere(bucket);

    /// <inheritdoc/>
    public ValueTask<bool> WakeAsync(BucketId bucket) => _open.WakeAsync(bucket);

    /// <inheritdoc/>
    public ValueTask<IBucketActivation?> EnterAsync(BucketId bucket)
    {
        if (!_cluster.Network.IsHostile || _random.Next(100) >= _refusedPercent)
        {
            return _open.EnterAsync(bucket);
        }

        _cluster.Reached("activation refused");
        return new ValueTask<IBucketActivation?>((IBucketActivation?)null);
    }
}
