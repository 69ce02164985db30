using Orleans.Concurrency;

namespace OrleansStore.Grains.Abstractions;

/// <summary>Where other datacenters' clusters knock: carries the byte streams of the links, one batch per flush. A stateless worker, so a call is taken by the silo whose gateway it came through. Key 0.</summary>
/// <remarks>
/// <para>What the streams hold is opaque here and versioned by itself: hellos, frames with a checksum, payloads.</para>
/// <para>Calls of one stream may overtake each other; <see cref="StreamBatch.Sequence"/> puts them in order. A call that fails, or is answered with false, ends the stream for its sender, as a broken
/// socket would. The response timeouts only bound how long a lost call keeps its buffer: the links find out sooner, by their heartbeats.</para>
/// </remarks>
[Alias("orleansstore.gateway")]
public interface IPeerGatewayGrain : IGrainWithIntegerKey
{
    /// <summary>Opens a stream to this datacenter.</summary>
    /// <param name="stream">Its id, drawn by the caller.</param>
    /// <param name="from">The caller's datacenter: where the answers go.</param>
    /// <param name="to">The datacenter that the caller means to reach.</param>
    /// <param name="isBulk">Whether it will carry bulk traffic: then the answers travel apart from control traffic, too.</param>
    /// <returns>False where it cannot be taken: this is another datacenter, <paramref name="from"/> is none of its peers, or too many streams wait to be taken.</returns>
    [Alias("open")]
    [ResponseTimeout("00:00:01")]
    ValueTask<bool> OpenAsync(StreamId stream, string from, string to, bool isBulk);

    /// <summary>Hands over bytes of a stream, in the direction from the caller's datacenter to this one.</summary>
    /// <param name="batch">The bytes, with their place in the stream.</param>
    /// <returns>True once they are in order and the reader has room for more; false where the stream is not there any more.</returns>
    [Alias("send")]
    [ResponseTimeout("00:00:05")]
    ValueTask<bool> SendAsync([Immutable] StreamBatch batch);

    /// <summary>Ends a stream at once, in both directions. One that is not there is no error.</summary>
    /// <param name="stream">Its id.</param>
    /// <param name="from">The caller's datacenter.</param>
    [Alias("abort")]
    [OneWay]
    ValueTask AbortAsync(StreamId stream, string from);
}
