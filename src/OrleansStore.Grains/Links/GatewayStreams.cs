using System.Collections.Concurrent;
using System.Threading.Channels;
using OrleansStore.Datacenters.Links;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Service.Peers;

namespace OrleansStore.Grains.Links;

/// <summary>The byte streams between this silo and other datacenters, by id: where gateway grains and links meet. Safe for concurrent use.</summary>
internal sealed class GatewayStreams
{
    // Streams that were opened from outside and not yet taken by the links (invariant 10).
    private const int MaxWaiting = 64;

    private readonly ConcurrentDictionary<StreamId, GatewayStream> _streams = new();
    private readonly Channel<IPeerConnection> _accepted =
        Channel.CreateBounded<IPeerConnection>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.Wait });
    private volatile GatewayTransport? _transport;

    /// <summary>Streams that were opened from outside, for the links to take.</summary>
    public ChannelReader<IPeerConnection> Accepted => _accepted.Reader;

    /// <summary>Begins to take streams.</summary>
    public void Attach(GatewayTransport transport) => _transport = transport;

    /// <summary>Takes no more streams, and breaks those that are there.</summary>
    public void Close()
    {
        _transport = null;
        _accepted.Writer.TryComplete();
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

        if (_accepted.Writer.TryWrite(stream))
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
