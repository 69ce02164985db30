using Orleans.Concurrency;
using Orleans.Services;
using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Grains.Silos;

/// <summary>What the silos of one cluster tell each other: one per silo, addressed by silo, in no directory.</summary>
internal interface ISiloPost : IGrainService
{
    /// <summary>Takes a batch of another silo's switch; opaque and versioned by itself.</summary>
    /// <param name="from">The sender, as <see cref="SiloAddress"/> writes itself.</param>
    /// <param name="batch">The bytes. Nobody writes to them any more.</param>
    /// <returns>The buckets that are not here, as <see cref="BucketId.Packed"/>; null where the store of this silo has not started, and nothing was taken.</returns>
    [ResponseTimeout("00:00:02")]
    ValueTask<ulong[]?> DeliverAsync(string from, [Immutable] byte[] batch);

    /// <summary>As <see cref="IPeerGatewayGrain.OpenAsync"/>, of a silo whose gateway was called and that does not hold the links.</summary>
    [ResponseTimeout("00:00:01")]
    ValueTask<bool> OpenAsync(StreamId stream, string from, string to, bool isBulk);

    /// <summary>As <see cref="IPeerGatewayGrain.SendAsync"/>.</summary>
    [ResponseTimeout("00:00:05")]
    ValueTask<bool> SendAsync([Immutable] StreamBatch batch);

    /// <summary>As <see cref="IPeerGatewayGrain.AbortAsync"/>.</summary>
    [OneWay]
    ValueTask AbortAsync(StreamId stream, string from);
}
