using OrleansStore.Datacenters.Identity;
using OrleansStore.Diagnostics;
using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Links;

/// <summary>One life of a link: a control and a bulk connection that stand and fall together. Runs on the links' scheduler.</summary>
internal sealed class LinkSession : IFrameSink
{
    private readonly PeerLink _link;
    private readonly LinkOptions _options;
    private readonly LinkEnvironment _environment;
    private readonly LinkConnection _control;
    private readonly LinkLiveness _liveness;
    private readonly MonotonicTime _openedAt;
    private LinkConnection? _bulk;
    private Task _bulkRun = Task.CompletedTask;
    private PeerIdentity _announced;
    private Goodbye? _end;

    /// <summary>Takes over a control connection whose hellos fit, and begins to read it: the peer may still refuse.</summary>
    /// <param name="link">The link it belongs to.</param>
    /// <param name="id">The attempt.</param>
    /// <param name="control">Owned by the session from here on.</param>
    /// <param name="peer">What the peer's hello said.</param>
    /// <param name="announced">What ours says, or said.</param>
    public LinkSession(PeerLink link, LinkSessionId id, IPeerConnection control, PeerIdentity peer, PeerIdentity announced)
    {
        _link = link;
        _options = link.Options;
        _environment = link.Environment;
        _announced = announced;
        _openedAt = _environment.Now;
        _liveness = new LinkLiveness(_options, link.Clock, _openedAt);
        _control = new LinkConnection(LinkClass.Control, control, this, _options, _environment, link.Traffic);
        Id = id;
        Peer = peer;
        Ended = RunAsync();
    }

    public LinkSessionId Id { get; }

    /// <summary>What the peer said last.</summary>
    public PeerIdentity Peer { get; private set; }

    /// <summary>Both connections stand and frames move.</summary>
    public bool IsStarted => _bulk is not null && _end is null;

    /// <summary>Since when the peer's echoes prove the session; null before.</summary>
    public MonotonicTime? ProvenSince { get; private set; }

    public TimeSpan? RoundTrip => _liveness.RoundTrip;

    public long QueuedBytes => _control.Queue.QueuedBytes + (_bulk?.Queue.QueuedBytes ?? 0);

    /// <summary>Completes with the reason once both connections are closed and freed.</summary>
    public Task<Goodbye> Ended { get; }

    /// <summary>Sends our hello on the control connection, where the peer dialled; through the queue, which then nothing can overtake.</summary>
    public void Answer(Hello hello) => Invariant.Check(_control.Queue.TryWrite(FrameType.Hello, hello.Encode()), "an empty queue has room for a hello");

    /// <summary>Takes over the bulk connection; from here on the peer must give signs of life.</summary>
    public void Start(IPeerConnection bulk, PeerIdentity own)
    {
        Invariant.Check(_bulk is null && _end is null, $"session {Id} got a second bulk connection, or one after its end");
        _liveness.Forgive(_environment.Now - _openedAt);
        _bulk = new LinkConnection(LinkClass.Bulk, bulk, this, _options, _environment, _link.Traffic);
        _bulkRun = _bulk.RunAsync(OnConnectionEnd);
        Announce(own);
        _control.RequestHeartbeat();
    }

    /// <summary>Queues a payload. Safe for concurrent use.</summary>
    public bool TrySend(LinkClass linkClass, ReadOnlySpan<byte> payload) =>
        (linkClass == LinkClass.Bulk ? _bulk! : _control).Queue.TryWrite(FrameType.Payload, payload);

    /// <summary>Tells the peer who we are now, unless it knows.</summary>
    public void Announce(PeerIdentity own)
    {
        if (!IsStarted || own.Equals(_announced))
        {
            return;
        }

        _announced = own;
        if (!_control.Queue.TryWrite(FrameType.Identity, new Hello(LinkClass.Control, Peer.Datacenter, Id, own).Encode()))
        {
            Close(new Goodbye(IsRefusal: false, "the control queue has no room for a change of identity"));
        }
    }

    /// <summary>Sends a heartbeat and gives the session up if its time is over.</summary>
    /// <param name="now">The time.</param>
    /// <param name="pause">For how long this process stood still before this tick.</param>
    public void Tick(MonotonicTime now, TimeSpan pause)
    {
        if (_end is not null)
        {
            return;
        }

        if (_bulk is null)
        {
            if (now - _openedAt > _options.HandshakeTimeout + pause)
            {
                Close(new Goodbye(IsRefusal: false, "the bulk connection did not follow the control connection"));
            }

            return;
        }

        _liveness.Forgive(pause);
        if (_liveness.FindFailure(now, _bulk.SentBytes) is { } failure)
        {
            Close(new Goodbye(IsRefusal: false, failure));
        }
        else
        {
            _control.RequestHeartbeat();
        }
    }

    /// <summary>Ends the session. Only the first reason counts.</summary>
    public void Close(Goodbye reason)
    {
        if (_end is not null)
        {
            return;
        }

        _end = reason;
        _control.Close();
        _bulk?.Close();
        _link.OnSessionClosed(this, reason);
    }

    /// <inheritdoc/>
    public Heartbeat NextHeartbeat() => _liveness.Next(_environment.Now, _environment.WallTicks, _bulk!.ReceivedBytes);

    /// <inheritdoc/>
    public void OnFrame(LinkConnection connection, FrameType type, ReadOnlySpan<byte> payload)
    {
        if (_end is not null)
        {
            return;
        }

        switch (type)
        {
            case FrameType.Payload when IsStarted:
                // The peer sends payloads only after a heartbeat of its own came back, which proves both directions to us as well. Without this an answer that is sent
                // before our own echo arrives would be dropped, and the peer, for whom the link is up, would wait for it until its patience ends.
                Prove();
                _link.OnPayload(connection.LinkClass, payload);
                break;
            case FrameType.Heartbeat when connection.LinkClass == LinkClass.Control:
                OnHeartbeat(payload);
                break;
            case FrameType.Identity when connection.LinkClass == LinkClass.Control:
                OnIdentity(Hello.Decode(payload));
                break;
            case FrameType.Goodbye:
                var goodbye = Goodbye.Decode(payload);
                Close(goodbye with { Reason = $"the peer closed the link: {goodbye.Reason}" });
                break;
            default:
                throw new CorruptionException($"a frame of type {(byte)type} has no place on a {connection.LinkClass} connection at this time");
        }
    }

    public void OnBatchEnd() => _link.OnBatchEnd();

    private void OnHeartbeat(ReadOnlySpan<byte> payload)
    {
        var heartbeat = Heartbeat.Decode(payload);
        _liveness.Receive(heartbeat, _environment.Now, _environment.WallTicks);
        if (_liveness.IsProven)
        {
            Prove();
        }
    }

    private void Prove()
    {
        if (ProvenSince is null)
        {
            ProvenSince = _environment.Now;
            _link.Refresh();
        }
    }

    private void OnIdentity(Hello hello)
    {
        // A process keeps its datacenter and incarnation for life; whatever says otherwise speaks for somebody else.
        var (before, now) = (Peer, hello.Identity);
        if (hello.Session != Id || now.Datacenter != before.Datacenter || now.Name != before.Name || now.Incarnation != before.Incarnation)
        {
            throw new CorruptionException($"{before.Name}, incarnation {before.Incarnation}, now calls itself {now.Name}, incarnation {now.Incarnation}");
        }

        Peer = now;
        if (IsStarted)
        {
            _link.OnIdentity(this);
        }
    }

    private async Task<Goodbye> RunAsync()
    {
        try
        {
            // Whichever connection ends first closes the other, so the bulk connection is there by now or never will be.
            await _control.RunAsync(OnConnectionEnd);
            await _bulkRun;
        }
        catch (Exception exception)
        {
            // A bug, ours or the handler's. The session is closed already; the host must hear of it.
            _link.OnDefect(exception);
        }

        return _end!.Value;
    }

    private void OnConnectionEnd(string reason) => Close(new Goodbye(IsRefusal: false, reason));
}
