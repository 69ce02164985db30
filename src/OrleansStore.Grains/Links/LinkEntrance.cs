using OrleansStore.Datacenters.Silos;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Grains.Silos;
using OrleansStore.Service.Peers;

namespace OrleansStore.Grains.Links;

/// <summary>Where calls of other clusters go in this one: to the streams of the silo that holds the links, in whichever silo they came in. Safe for concurrent use.</summary>
internal sealed class LinkEntrance(StoreEngine engine, ISiloCluster cluster, SiloPosts posts, GatewayStreams streams)
{
    // Null where that is this silo, or none is known: then the call is declined here, and the caller tries again.
    private ISiloPost? Elsewhere => engine.Switch?.Holder is { } holder && holder != cluster.Self ? posts.Of(holder) : null;

    /// <summary>As <see cref="IPeerGatewayGrain.OpenAsync"/>.</summary>
    public ValueTask<bool> OpenAsync(StreamId stream, string from, string to, bool isBulk) =>
        Elsewhere is { } post ? post.OpenAsync(stream, from, to, isBulk) : new(streams.TryAccept(stream, from, to, isBulk ? LinkClass.Bulk : LinkClass.Control));

    /// <summary>As <see cref="IPeerGatewayGrain.SendAsync"/>.</summary>
    public ValueTask<bool> SendAsync(StreamBatch batch) => Elsewhere is { } post ? post.SendAsync(batch) : streams.ReceiveAsync(batch);

    /// <summary>As <see cref="IPeerGatewayGrain.AbortAsync"/>.</summary>
    public ValueTask AbortAsync(StreamId stream, string from)
    {
        if (Elsewhere is { } post)
        {
            return post.AbortAsync(stream, from);
        }

        streams.Break(stream, from);
        return ValueTask.CompletedTask;
    }
}
