using System.Net.Sockets;
using System.Threading.Channels;

namespace OrleansStore.Verification.Nemesis.Links;

/// <summary>Carries the bytes of one direction of one connection, as late and as slowly as the conditions say, and not at all while the gate is closed.</summary>
/// <remarks>
/// What is under way is bounded: beyond <see cref="MaxPieces"/> pieces of <see cref="PieceBytes"/> nothing more is read, so that the sender feels the link through its own full buffers, as it would
/// feel a real one. A closed gate loses nothing: that is what a link without packets looks like to TCP, which sends them again once it carries packets.
/// </remarks>
internal sealed class LinkPipe(Socket source, Socket target, LinkGate gate, LinkConditions conditions, IRandomSource random, TimeProvider time)
{
    public const int PieceBytes = 16 * 1024;

    // 16 MiB: at 150 ms a link of 100 MB/s is not slowed down by the bound.
    public const int MaxPieces = 1024;

    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _busyUntil;
    private TimeSpan _lastArrival;

    private TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Runs until the source has ended, which the target is told.</summary>
    /// <exception cref="SocketException">One of the connections broke.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (conditions.AddsNothing)
        {
            await CarryAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            var underWay = Channel.CreateBounded<(TimeSpan Arrival, byte[] Bytes)>(new BoundedChannelOptions(MaxPieces) { SingleReader = true, SingleWriter = true });
            await Task.WhenAll(TakeAsync(underWay.Writer, cancellationToken), DeliverAsync(underWay.Reader, cancellationToken)).ConfigureAwait(false);
        }

        target.Shutdown(SocketShutdown.Send);
    }

    private async Task CarryAsync(CancellationToken cancellationToken)
    {
        var piece = new byte[PieceBytes];
        while (await source.ReceiveAsync(piece.AsMemory(), cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            await gate.PassAsync(cancellationToken).ConfigureAwait(false);
            await SendAsync(piece.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
        }

        await gate.PassAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task TakeAsync(ChannelWriter<(TimeSpan Arrival, byte[] Bytes)> underWay, CancellationToken cancellationToken)
    {
        var piece = new byte[PieceBytes];
        try
        {
            while (await source.ReceiveAsync(piece.AsMemory(), cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                await underWay.WriteAsync((ArrivalOf(count), piece.AsSpan(0, count).ToArray()), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            underWay.Complete();
        }
    }

    private async Task DeliverAsync(ChannelReader<(TimeSpan Arrival, byte[] Bytes)> underWay, CancellationToken cancellationToken)
    {
        await foreach (var (arrival, bytes) in underWay.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (arrival - Now is var wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }

            await gate.PassAsync(cancellationToken).ConfigureAwait(false);
            await SendAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await target.SendAsync(bytes, cancellationToken).ConfigureAwait(false)..];
        }
    }

    // A piece leaves when those before it have left, travels, and arrives after those before it.
    private TimeSpan ArrivalOf(int bytes)
    {
        var now = Now;
        var start = now > _busyUntil ? now : _busyUntil;
        _busyUntil = conditions.BytesPerSecond is { } rate ? start + TimeSpan.FromSeconds((double)bytes / rate) : start;
        var arrival = _busyUntil + conditions.Delay + (conditions.Jitter * (random.Next(1001) / 1000.0));
        return _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
    }
}
