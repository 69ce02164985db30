using OrleansStore.Datacenters.Identity;
using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Links;

/// <summary>Keeps the link to one peer connected, from the side that dials.</summary>
internal sealed class PeerDialer(PeerLink link, DatacenterId self, IPeerTransport transport, IHelloExchange exchange, ulong process)
{
    private readonly ReconnectBackoff _backoff = new(link.Options.MinReconnectDelay, link.Options.MaxReconnectDelay, link.Environment.Random);
    private ulong _attempts;

    /// <summary>Dials until it is told to stop; then closes what stands.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var end = await DialAsync(stop);
            link.Report(end);
            await DelayAsync(end.IsRefusal ? link.Options.RefusedRetryDelay : _backoff.Next(), stop);
        }
    }

    private async Task<Goodbye> DialAsync(CancellationToken stop)
    {
        var id = new LinkSessionId(process, ++_attempts);
        using var timeout = new CancellationTokenSource(link.Options.HandshakeTimeout, link.Environment.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        IPeerConnection? control = null;
        IPeerConnection? bulk = null;
        try
        {
            var own = exchange.Own;
            (control, var peer) = await OpenAsync(new Hello(LinkClass.Control, link.Peer.Datacenter, id, own), both.Token);
            (bulk, _) = await OpenAsync(new Hello(LinkClass.Bulk, link.Peer.Datacenter, id, own), both.Token);
            var session = new LinkSession(link, id, control, peer, own);
            link.Begin(session);
            link.Start(session, bulk);
            (control, bulk) = (null, null);
            return await RunSessionAsync(session, stop);
        }
        catch (PeerGoodbyeException exception)
        {
            return exception.Goodbye;
        }
        catch (CorruptionException exception)
        {
            return new Goodbye(IsRefusal: false, exception.Message);
        }
        catch (Exception exception) when (ConnectionFailure.Is(exception))
        {
            var reason = timeout.IsCancellationRequested ? $"{link.Peer.Name} did not answer within {link.Options.HandshakeTimeout.TotalMilliseconds:0} ms" : exception.Message;
            return new Goodbye(IsRefusal: false, reason);
        }
        finally
        {
            await DisposeAsync(control);
            await DisposeAsync(bulk);
        }
    }

    private async Task<Goodbye> RunSessionAsync(LinkSession session, CancellationToken stop)
    {
        using var stopping = stop.UnsafeRegister(_ => link.CloseSoon(session), null);
        var end = await session.Ended;

        // A link that breaks as soon as it is up must not be dialled in a tight loop: only one that has lasted starts the pauses anew.
        if (session.ProvenSince is { } since && link.Environment.Now - since >= link.Options.MaxReconnectDelay)
        {
            _backoff.Reset();
        }

        return end;
    }

    private async Task<(IPeerConnection Connection, PeerIdentity Peer)> OpenAsync(Hello own, CancellationToken cancellationToken)
    {
        var connection = await transport.DialAsync(link.Peer.Datacenter, own.LinkClass, cancellationToken);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await Handshake.SendAsync(connection, own, cancellationToken);
            var peer = await Handshake.ReceiveAsync(connection, cancellationToken);
            if (peer.Session != own.Session || peer.LinkClass != own.LinkClass)
            {
                throw new CorruptionException($"the answer belongs to session {peer.Session} ({peer.LinkClass}), not to {own.Session} ({own.LinkClass})");
            }

            if (link.Judge(peer, self, connection) is not { } refusal)
            {
                return (connection, peer.Identity);
            }

            // The peer may see no reason to refuse: it is told ours.
            await Handshake.SendGoodbyeAsync(connection, refusal, cancellationToken);
            throw new PeerGoodbyeException(refusal);
        }
        catch
        {
            connection.Abort();
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task DelayAsync(TimeSpan delay, CancellationToken stop)
    {
        try
        {
            await Task.Delay(delay, link.Environment.Time, stop);
        }
        catch (OperationCanceledException)
        {
            // The loop looks at the token.
        }
    }

    private static async ValueTask DisposeAsync(IPeerConnection? connection)
    {
        if (connection is not null)
        {
            connection.Abort();
            await connection.DisposeAsync();
        }
    }
}
