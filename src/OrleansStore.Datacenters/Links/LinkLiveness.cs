namespace OrleansStore.Datacenters.Links;

/// <summary>What the heartbeats of one session prove. Pure: every call brings the time.</summary>
/// <remarks>
/// <para>The one criterion: the youngest of our heartbeats that came back as an echo. An echo proves both directions at once, so that a line that is dead
/// in one direction only goes down on both sides: the side that hears nothing has no echo, and the other side's echoes never arrive.</para>
/// <para>A process that stood still (SIGSTOP, a long collection) has not listened. The time it stood still does not count as the peer's silence: see
/// <see cref="Forgive"/>.</para>
/// </remarks>
internal sealed class LinkLiveness
{
    private readonly LinkOptions _options;
    private readonly ClockFilter _clock;
    private readonly MonotonicTime _startedAt;

    // Invariant: a reading of our own clock, or later by pauses that were forgiven.
    private MonotonicTime _provenAt;
    private MonotonicTime _lastSentAt;
    private (MonotonicTime Reading, MonotonicTime ReceivedAt)? _toEcho;

    private long _bulkAcknowledged;
    private MonotonicTime _bulkProgressAt;

    /// <param name="options">The times.</param>
    /// <param name="clock">Gets a sample from each echo; it outlives the session.</param>
    /// <param name="startedAt">When both connections stood.</param>
    public LinkLiveness(LinkOptions options, ClockFilter clock, MonotonicTime startedAt)
    {
        _options = options;
        _clock = clock;
        _startedAt = _provenAt = _lastSentAt = _bulkProgressAt = startedAt;
    }

    /// <summary>Whether the peer has echoed a heartbeat of this session.</summary>
    public bool IsProven { get; private set; }

    /// <summary>The last measured round trip; null before the first echo.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>Makes the heartbeat that is sent now.</summary>
    public Heartbeat Next(MonotonicTime now, long ownWall, long bulkReceived)
    {
        _lastSentAt = now;
        var hold = _toEcho is { } echo ? now - echo.ReceivedAt : TimeSpan.Zero;
        return new Heartbeat(now, ownWall, _toEcho?.Reading, hold, bulkReceived);
    }

    /// <summary>Takes a heartbeat in.</summary>
    /// <exception cref="CorruptionException">It echoes what was never sent.</exception>
    public void Receive(in Heartbeat heartbeat, MonotonicTime now, long ownWall)
    {
        _toEcho = (heartbeat.SentAt, now);
        if (heartbeat.BulkReceived > _bulkAcknowledged)
        {
            _bulkAcknowledged = heartbeat.BulkReceived;
            _bulkProgressAt = now;
        }

        if (heartbeat.Echo is not { } sentAt)
        {
            return;
        }

        if (sentAt < _startedAt || sentAt > _lastSentAt)
        {
            throw new CorruptionException($"a heartbeat echoes {sentAt}, but this session sent from {_startedAt} to {_lastSentAt}");
        }

        IsProven = true;
        _provenAt = sentAt > _provenAt ? sentAt : _provenAt;

        // The peer's clock may run a little faster than ours: a hold measured there can exceed the time that passed here.
        var roundTrip = now - sentAt - heartbeat.Hold;
        RoundTrip = roundTrip > TimeSpan.Zero ? roundTrip : TimeSpan.Zero;
        _clock.Add(RoundTrip.Value, heartbeat.Wall, ownWall);
    }

    /// <summary>Says why the link is to be given up now; null if it is not.</summary>
    /// <param name="now">The time.</param>
    /// <param name="bulkSent">Bytes handed to the bulk connection so far.</param>
    public string? FindFailure(MonotonicTime now, long bulkSent)
    {
        if (now - _provenAt > _options.SilenceTimeout)
        {
            return $"no heartbeat was answered for {(now - _provenAt).TotalMilliseconds:0} ms";
        }

        if (bulkSent <= _bulkAcknowledged)
        {
            // Nothing is under way: the clock of the next bytes starts when they are sent.
            _bulkProgressAt = now;
            return null;
        }

        return now - _bulkProgressAt > _options.BulkStallTimeout
            ? $"{bulkSent - _bulkAcknowledged} bytes of bulk made no progress for {(now - _bulkProgressAt).TotalMilliseconds:0} ms"
            : null;
    }

    /// <summary>Takes time in which this process stood still off the peer's silence: what the peer sent meanwhile has not been read yet.</summary>
    public void Forgive(TimeSpan pause)
    {
        _provenAt += pause;
        _bulkProgressAt += pause;
    }
}
