using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using OrleansStore.Datacenters.Silos;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Grains.Links;
using OrleansStore.Service.Peers;

namespace OrleansStore.Grains.Silos;

/// <summary>Takes what other silos of the cluster send to this one. Reentrant: a batch of a stream waits for room, and nothing waits behind it.</summary>
[Reentrant]
internal sealed class SiloPost(GrainId id, Silo silo, ILoggerFactory loggers, StoreEngine engine, GatewayStreams streams) : GrainService(id, silo, loggers), ISiloPost
{
    public ValueTask<ulong[]?> DeliverAsync(string from, byte[] batch) =>
        new(engine.Switch is { } network ? [.. network.Receive(new SiloName(from), batch).Select(static bucket => bucket.Packed)] : null);

    public ValueTask<bool> OpenAsync(StreamId stream, string from, string to, bool isBulk) =>
        new(streams.TryAccept(stream, from, to, isBulk ? LinkClass.Bulk : LinkClass.Control));

    public ValueTask<bool> SendAsync(StreamBatch batch) => streams.ReceiveAsync(batch);

    public ValueTask AbortAsync(StreamId stream, string from)
    {
        streams.Break(stream, from);
        return ValueTask.CompletedTask;
    }
}
