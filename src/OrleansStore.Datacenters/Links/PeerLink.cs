using OrleansStore.Datacenters.Identity;
using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Links;

/// <summary>The link to one datacenter: at most one session at a time, and what is known of the peer across sessions.</summary>
/// <remarks>
/// <para>Of two datacenters the one with the lower number dials; the other accepts. So there is never a choice between connections of both directions. A line
/// that is dead one
/// way only carries no TCP connection whoever dials; one on which the lower number cannot open connections but the higher could is a mistake of a firewall,
/// and stays down for everybody to see.</para>
/// <para>The newest attempt wins: a peer that dials again has given up what it had, even if this side has not noticed yet.</para>
/// <para>Everything but <see cref="TrySend"/>, <see cref="Status"/> and <see cref="State"/> runs on the links' scheduler.</para>
/// </remarks>
internal sealed partial class PeerLink
{
    private readonly Lock _gate = new();
    private readonly IHelloExchange _exchange;
    private readonly string _ownName;
    private IPeerHandler? _handler;
    private LinkSession? _session;
    private bool _hasSpoken;

    // Written on the scheduler under the gate, read by anybody under the gate.
    private LinkState _state = LinkState.Down;
    private string? _reason = "not connected yet";

    // Invariant: set exactly while the state is Up. Senders read it without the gate; one that is late meets a closed queue.
    private volatile LinkSession? _sendable;
    private volatile LinkSession? _measured;

    public PeerLink(PeerName peer, string ownName, IHelloExchange exchange, LinkOptions options, LinkEnvironment environment, Action<Exception> onDefect)
    {
        Peer = peer;
        _ownName = ownName;
        _exchange = exchange;
        Options = options;
        Environment = environment;
        OnDefect = onDefect;
    }

    public PeerName Peer { get; }

    public LinkOptions Options { get; }

    public LinkEnvironment Environment { get; }

    /// <summary>Is told of what only a bug can cause.</summary>
    public Action<Exception> OnDefect { get; }

    public ClockFilter Clock { get; } = new();

    public LinkTraffic Traffic { get; } = new();

    /// <summary>The session whose control connection stands; null for none.</summary>
    public LinkSession? Session => _session;

    public LinkState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    public LinkStatus Status
    {
        get
        {
            lock (_gate)
            {
                return new LinkStatus(Peer.Datacenter, _state, _reason)
                {
                    RoundTrip = _roundTrip,
                    Skew = _estimate?.Skew,
                    QueuedBytes = _measured?.QueuedBytes ?? 0,
                    Refused = Traffic.Refused,
                    Bytes = (Traffic.Sent, Traffic.Received),
                };
            }
        }
    }

    public void SetHandler(IPeerHandler handler) => _handler = handler;

    /// <summary>Queues a payload. Safe for concurrent use.</summary>
    public bool TrySend(LinkClass linkClass, ReadOnlySpan<byte> payload)
    {
        if (_sendable is not { } session)
        {
            return false;
        }

        var isQueued = session.TrySend(linkClass, payload);
        if (!isQueued)
        {
            Traffic.CountRefused();
        }

        return isQueued;
    }

    /// <summary>Judges a hello of this peer.</summary>
    /// <returns>Null if a connection with it may stand; else why not.</returns>
    public Goodbye? Judge(Hello hello, DatacenterId self, IPeerConnection connection)
    {
        var peer = hello.Identity;
        var reason =
            peer.Datacenter != Peer.Datacenter ? $"datacenter number differs: {Peer.Datacenter} ({Peer.Name}) was expected, {peer.Datacenter} ({peer.Name}) answered"
            : peer.Name != Peer.Name ? $"name of datacenter {Peer.Datacenter} differs: {_ownName} knows it as {Peer.Name}, it calls itself {peer.Name}"
            : hello.To != self ? $"addressee differs: {peer.Name} means datacenter {hello.To}, but reached {self} ({_ownName})"
            : connection.FindNameMismatch(peer.Name) ?? _exchange.Judge(peer);
        return reason is null ? null : new Goodbye(IsRefusal: true, reason);
    }

    /// <summary>Makes a session the link's present one; the one before ends.</summary>
    public void Begin(LinkSession session)
    {
        _session?.Close(new Goodbye(IsRefusal: false, "a newer connection took its place"));
        _session = session;
    }

    /// <summary>Closes a session in a turn of its own. Safe from any thread.</summary>
    public void CloseSoon(LinkSession session) => _ = Task.Factory.StartNew(
        () => session.Close(new Goodbye(IsRefusal: false, "this process stops")),
        CancellationToken.None, TaskCreationOptions.DenyChildAttach, Environment.Scheduler);

    /// <summary>Both connections of the session stand.</summary>
    public void Start(LinkSession session, IPeerConnection bulk)
    {
        Traffic.CountConnect();
        _measured = session;
        session.Start(bulk, _exchange.Own);
        OnIdentity(session);
    }

    /// <summary>The peer said who it is, at the start or anew.</summary>
    public void OnIdentity(LinkSession session)
    {
        if (_exchange.Judge(session.Peer) is { } reason)
        {
            session.Close(new Goodbye(IsRefusal: true, reason));
            return;
        }

        _hasSpoken = true;
        _exchange.OnHello(session.Peer);
        Refresh();
    }

    /// <summary>We are somebody else than before.</summary>
    public void Announce()
    {
        _session?.Announce(_exchange.Own);
        Refresh();
    }

    public void OnPayload(LinkClass linkClass, ReadOnlySpan<byte> payload)
    {
        if (!_exchange.Own.HoldsStore)
        {
            throw new CorruptionException($"{Peer.Name} sends payloads to a datacenter that holds no store");
        }

        _handler!.OnPayload(Peer.Datacenter, linkClass, payload);
    }

    public void OnBatchEnd() => _handler?.OnBatchEnd();

    public void OnSessionClosed(LinkSession session, Goodbye reason)
    {
        if (_session != session)
        {
            return;
        }

        _session = null;
        _measured = null;
        Report(reason);
        if (_hasSpoken)
        {
            _hasSpoken = false;
            _exchange.OnLost(Peer.Datacenter);
        }
    }

    /// <summary>Records why there is no session, unless there is one.</summary>
    public void Report(Goodbye reason)
    {
        if (_session is null)
        {
            Set(reason.IsRefusal ? LinkState.Refused : LinkState.Down, reason.Reason, null);
        }
    }

    public void Tick(MonotonicTime now, TimeSpan pause)
    {
        _session?.Tick(now, pause);
        Measure();
    }

    /// <summary>Works the state out anew.</summary>
    public void Refresh()
    {
        if (_session is not { } session)
        {
            return;
        }

        var missing =
            !session.IsStarted ? "the connections are being made"
            : session.ProvenSince is null ? "no heartbeat was answered yet"
            : !session.Peer.HoldsStore ? $"{Peer.Name} holds no store yet"
            : !_exchange.Own.HoldsStore ? $"{_ownName} holds no store yet"
            : null;
        Measure();
        Set(missing is null ? LinkState.Up : LinkState.Down, missing, missing is null ? session : null);
    }

    private void Set(LinkState state, string? reason, LinkSession? sendable)
    {
        var (before, reasonBefore) = (_state, _reason);
        _sendable = sendable;
        lock (_gate)
        {
            (_state, _reason) = (state, reason);
        }

        if (state != before || reason != reasonBefore)
        {
            LogChange(state, reason, before);
        }

        if ((state == LinkState.Up) != (before == LinkState.Up))
        {
            _handler!.OnLinkChanged(Peer.Datacenter, state);
        }
    }
}
