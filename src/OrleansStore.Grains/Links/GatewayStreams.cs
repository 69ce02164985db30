using System.Collections.Concurrent;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Service.Peers;

namespace OrleansStore.Grains.Links;

/// <summary>The byte streams between this silo and other datacenters, by id: where gateway grains and links meet. Safe for concurrent use.</summary>
internal sealed class GatewayStreams
{
    private readonly ConcurrentDictionary<StreamId, GatewayStream> _streams = new();
    private volatile GatewayTransport? _transport;

    /// <summary>Begins to take streams, for this transport.</summary>
    public void Attach(GatewayTransport transport) => _transport = transport;

    /// <summary>Takes no more streams for a transport, and breaks those that are there.</summary>
    public void Detach(GatewayTransport transport)
    {
        // Invariant: there is one at a time, and the next is attached after this has returned.
        Diagnostics.Invariant.Check(_transport == transport, "a transport is detached that is not attached");
        _transport = null;
        foreach (var stream in _streams.Values)
        {
            stream.Abort();
        }
    }

    /// <summary>Knows a stream from here on.</summary>
    public void Add(GatewayStream stream) => _streams[stream.Id] = stream;

    /// <summary>Knows a stream no longer; what still comes for it is refused.</summary>
    public void Remove(GatewayStream stream) => _streams.TryRemove(stream.Id, out _);

    /// <summary>Takes a stream that another datacenter opens.</summary>
    public bool TryAccept(StreamId id, string from, string to, LinkClass linkClass)
    {
        if (_transport is not { } transport || to != transport.Local || transport.GatewayOf(from, linkClass) is not { } remote)
        {
            return false;
        }

        var stream = new GatewayStream(id, transport.Local, remote, this);
        if (!_streams.TryAdd(id, stream))
        {
            return false;
        }

        if (transport.TryOffer(stream))
        {
            return true;
        }

        stream.Abort();
        return false;
    }

    /// <summary>Takes bytes in.</summary>
    public ValueTask<bool> ReceiveAsync(StreamBatch batch) => Find(batch.Stream, batch.From) is { } stream ? stream.ReceiveAsync(batch) : new(false);

    /// <summary>The other side has broken the stream.</summary>
    public void Break(StreamId id, string from) => Find(id, from)?.BreakFromOutside();

    private GatewayStream? Find(StreamId id, string from) => _streams.TryGetValue(id, out var stream) && stream.Remote == from ? stream : null;
}
