using Microsoft.Extensions.Logging;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Links;

/// <summary>Takes connections from outside, finds out who speaks, and hands them to the link of that peer.</summary>
internal sealed partial class PeerAcceptor(
    PeerLink[] links, DatacenterId self, string name, IPeerTransport transport, IHelloExchange exchange, LinkOptions options, LinkEnvironment environment,
    Action<Exception> onDefect)
{
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(1);

    private readonly HashSet<Task> _pending = [];
    private MonotonicTime? _loggedAt;
    private long _unlogged;

    /// <summary>Accepts until the transport is disposed of; then ends what stands.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (await AcceptAsync(stop) is { } connection)
        {
            if (_pending.Count >= options.MaxPendingHandshakes)
            {
                Log(connection.Remote, $"{_pending.Count} connections already wait for their hellos");
                connection.Abort();
                await connection.DisposeAsync();
                continue;
            }

            var handling = HandleAsync(connection, stop);
            _pending.Add(handling);
            _ = ForgetAsync(handling);
        }

        await Task.WhenAll(_pending).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        foreach (var link in links)
        {
            if (link.Session is { } session)
            {
                session.Close(new Goodbye(IsRefusal: false, "this process stops"));
                await session.Ended;
            }
        }
    }

    private async Task ForgetAsync(Task handling)
    {
        try
        {
            await handling;
        }
        catch (Exception exception)
        {
            onDefect(exception);
        }

        _pending.Remove(handling);
    }

    private async Task<IPeerConnection?> AcceptAsync(CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return await transport.AcceptAsync();
            }
            catch (Exception exception) when (ConnectionFailure.Is(exception))
            {
                if (stop.IsCancellationRequested)
                {
                    return null;
                }

                // Out of file handles, most likely: that passes, and must not become a loop that burns a core meanwhile.
                Log("the listener", exception.Message);
                await Task.Delay(options.MaxReconnectDelay, environment.Time, CancellationToken.None);
            }
        }
    }

    private async Task HandleAsync(IPeerConnection connection, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(options.HandshakeTimeout, environment.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        var isTaken = false;
        try
        {
            await connection.OpenAsync(both.Token);
            var hello = await Handshake.ReceiveAsync(connection, both.Token);
            isTaken = await AdmitAsync(connection, hello, both.Token);
        }
        catch (Exception exception) when (exception is CorruptionException or PeerGoodbyeException || ConnectionFailure.Is(exception))
        {
            Log(connection.Remote, timeout.IsCancellationRequested ? "no hello came in time" : exception.Message);
        }

        if (!isTaken)
        {
            connection.Abort();
            await connection.DisposeAsync();
        }
    }

    /// <returns>Whether a session owns the connection now.</returns>
    private async Task<bool> AdmitAsync(IPeerConnection connection, Hello hello, CancellationToken cancellationToken)
    {
        var link = Array.Find(links, link => link.Peer.Datacenter == hello.Identity.Datacenter);
        if (link is null)
        {
            return await RefuseAsync(connection, $"{name} knows no datacenter {hello.Identity.Datacenter} ({hello.Identity.Name})", cancellationToken);
        }

        var own = exchange.Own;
        var answer = new Hello(hello.LinkClass, hello.Identity.Datacenter, hello.Session, own);
        if (link.Judge(hello, self, connection) is { } refusal)
        {
            // Our hello goes first in any case: the peer shall be able to name both values, too.
            link.Report(refusal);
            await Handshake.SendAsync(connection, answer, cancellationToken);
            return await RefuseAsync(connection, refusal.Reason, cancellationToken);
        }

        if (FindDisorder(link, hello) is { } disorder)
        {
            Log(connection.Remote, disorder);
            await Handshake.SendGoodbyeAsync(connection, new Goodbye(IsRefusal: false, disorder), cancellationToken);
            return false;
        }

        return hello.LinkClass == LinkClass.Control
            ? Begin(link, connection, hello, answer)
            : await CompleteAsync(link, connection, hello, answer, cancellationToken);
    }

    private string? FindDisorder(PeerLink link, Hello hello)
    {
        var session = link.Session;
        if (self < link.Peer.Datacenter)
        {
            return $"{name} dials {link.Peer.Name}, not the other way round";
        }

        if (hello.LinkClass == LinkClass.Control)
        {
            return session is null || hello.Session.Replaces(session.Id) ? null : $"session {hello.Session} comes late: {session.Id} took its place";
        }

        return session is not null && session.Id == hello.Session && !session.IsStarted && session.Peer.Incarnation == hello.Identity.Incarnation
            ? null
            : $"no control connection waits for the bulk connection of session {hello.Session}";
    }

    private static bool Begin(PeerLink link, IPeerConnection connection, Hello hello, Hello answer)
    {
        // The session stands before our hello leaves: the bulk connection may follow that hello at once.
        var session = new LinkSession(link, hello.Session, connection, hello.Identity, answer.Identity);
        link.Begin(session);
        session.Answer(answer);
        return true;
    }

    private async Task<bool> CompleteAsync(PeerLink link, IPeerConnection connection, Hello hello, Hello answer, CancellationToken cancellationToken)
    {
        await Handshake.SendAsync(connection, answer, cancellationToken);

        // While that was sent the session may have ended, or another bulk connection may have been quicker.
        if (FindDisorder(link, hello) is { } disorder)
        {
            Log(connection.Remote, disorder);
            return false;
        }

        link.Start(link.Session!, connection);
        return true;
    }

    private async Task<bool> RefuseAsync(IPeerConnection connection, string reason, CancellationToken cancellationToken)
    {
        Log(connection.Remote, reason);
        await Handshake.SendGoodbyeAsync(connection, new Goodbye(IsRefusal: true, reason), cancellationToken);
        return false;
    }

    // Whoever can reach the port can cause these lines, so there is at most one a second.
    private void Log(string remote, string reason)
    {
        var now = environment.Now;
        if (_loggedAt is { } last && now - last < LogInterval)
        {
            _unlogged++;
            return;
        }

        LogDeclined(environment.Logger, name, remote, reason, _unlogged);
        (_loggedAt, _unlogged) = (now, 0);
    }

    [LoggerMessage(6010, LogLevel.Warning, "{Own} declined a connection from {Remote}: {Reason} ({Unlogged} more since the last line)")]
    private static partial void LogDeclined(ILogger logger, string own, string remote, string reason, long unlogged);
}
