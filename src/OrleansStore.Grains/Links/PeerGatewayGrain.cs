using Orleans.Concurrency;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Service.Peers;

namespace OrleansStore.Grains.Links;

/// <summary>Hands what comes from other clusters to the streams of this silo.</summary>
[StatelessWorker, Reentrant]
internal sealed class PeerGatewayGrain(GatewayStreams streams) : Grain, IPeerGatewayGrain
{
    public ValueTask<bool> OpenAsync(StreamId stream, string from, string to, bool isBulk) =>
        new(streams.TryAccept(stream, from, to, isBulk ? LinkClass.Bulk : LinkClass.Control));

    public ValueTask<bool> SendAsync(StreamBatch batch) => streams.ReceiveAsync(batch);

    public ValueTask AbortAsync(StreamId stream, string from)
    {
        streams.Break(stream, from);
        return ValueTask.CompletedTask;
    }
}
