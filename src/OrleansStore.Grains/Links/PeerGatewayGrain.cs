using Orleans.Concurrency;
using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Grains.Links;

/// <summary>Hands what comes from other clusters to the silo that holds the links: this one, or one call further.</summary>
[StatelessWorker, Reentrant]
internal sealed class PeerGatewayGrain(LinkEntrance entrance) : Grain, IPeerGatewayGrain
{
    public ValueTask<bool> OpenAsync(StreamId stream, string from, string to, bool isBulk) => entrance.OpenAsync(stream, from, to, isBulk);

    public ValueTask<bool> SendAsync(StreamBatch batch) => entrance.SendAsync(batch);

    public ValueTask AbortAsync(StreamId stream, string from) => entrance.AbortAsync(stream, from);
}
