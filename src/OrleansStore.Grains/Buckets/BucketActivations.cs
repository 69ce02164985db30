using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Grains.Hosting;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Replicas;

namespace OrleansStore.Grains.Buckets;

/// <summary>The bucket grains that are active in this silo: what lets replicas into its memory.</summary>
/// <remarks>
/// A replica comes into memory like this: 1. An input wants it. 2. The gate calls its grain, which the placement director activates in some silo. 3. If that is this one, the replica enters on the
/// activation's account; else its requests are refused as not proposed. It goes out like this: 1. It hibernates, or its grain is deactivated from outside, and its log is closed. 2. The grain goes.
/// </remarks>
internal sealed partial class BucketActivations(IGrainFactory grains, IOptions<OrleansStoreOptions> options, ILogger<BucketActivations> logger) : IActivationGate
{
    private readonly ConcurrentDictionary<BucketId, BucketActivation> _active = new();
    private volatile BucketSilo? _buckets;

    /// <summary>How many bucket grains are active in this silo.</summary>
    public int Count => _active.Count;

    /// <inheritdoc/>
    public bool IsShared { get; } = options.Value.IsShared;

    /// <inheritdoc/>
    public bool IsHere(BucketId bucket) => !IsShared || _active.ContainsKey(bucket);

    /// <summary>Tells whose replicas are to be closed when grains are deactivated from outside.</summary>
    public void Attach(BucketSilo buckets) => _buckets = buckets;

    /// <inheritdoc/>
    public async ValueTask<IBucketActivation?> EnterAsync(BucketId bucket)
    {
        try
        {
            await grains.GetGrain<IBucketGrain>((long)bucket.Packed).LocateAsync();
        }
        catch (Exception reason) when (reason is OrleansException or TimeoutException or ObjectDisposedException)
        {
            // The silo stops, or its cluster is in the middle of a change. The next request asks again.
            LogNotEntered(reason, bucket);
            return null;
        }

        return _active.TryGetValue(bucket, out var activation) && activation.TryEnter() ? activation : null;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WakeAsync(BucketId bucket)
    {
        try
        {
            await grains.GetGrain<IBucketGrain>((long)bucket.Packed).WakeAsync();
            return true;
        }
        catch (Exception reason) when (reason is OrleansException or TimeoutException or ObjectDisposedException)
        {
            LogNotWoken(reason, bucket);
            return false;
        }
    }

    /// <summary>Wakes a bucket whose grain is active here.</summary>
    public void Wake(BucketId bucket) => _buckets?.Wake(bucket);

    /// <summary>A grain was activated here.</summary>
    public BucketActivation Admit(BucketId bucket, IGrainContext grain)
    {
        var activation = new BucketActivation(bucket, grain);
        _active[bucket] = activation;
        return activation;
    }

    /// <summary>A grain is being deactivated: closes its replica, where that is in memory on its account.</summary>
    /// <param name="activation">What <see cref="Admit"/> returned.</param>
    /// <param name="cancellationToken">Ends the waiting; the replica is closed all the same.</param>
    public async Task DismissAsync(BucketActivation activation, CancellationToken cancellationToken)
    {
        if (activation.End() && _buckets is { } buckets)
        {
            await buckets.CloseAsync(activation.Bucket).WaitAsync(cancellationToken);
        }

        _active.TryRemove(KeyValuePair.Create(activation.Bucket, activation));
    }

    [LoggerMessage(1, LogLevel.Debug, "Bucket {Bucket} did not come into memory")]
    private partial void LogNotEntered(Exception reason, BucketId bucket);

    [LoggerMessage(2, LogLevel.Debug, "Bucket {Bucket} was not woken")]
    private partial void LogNotWoken(Exception reason, BucketId bucket);
}
