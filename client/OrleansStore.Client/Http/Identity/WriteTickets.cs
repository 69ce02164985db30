namespace OrleansStore.Client.Http.Identity;

/// <summary>Gives out the ids of writes. Safe for concurrent use.</summary>
/// <remarks>
/// <para>Normally they are places in a session (Raft thesis, section 6.3): each write tells its bucket up to which all earlier ones are answered, so that the bucket remembers only what is not. A session is
/// used for minutes, because a bucket takes in only young ones. Another is made when its window is full or a write in it ended with unknown outcome.</para>
/// <para>Sessions are bounded in rate, for buckets remember each of them for a while. Where none may be made, and where the store refuses them because the clock here is off, an id is a key made up
/// for the one write, which buckets remember for minutes and up to a number.</para>
/// </remarks>
internal sealed class WriteTickets(TimeProvider time, IRandomSource random)
{
    // Numbers that may be open at once; what buckets allow for (BucketLimits).
    private const int Window = 1024;
    private const int MaxSessions = 16;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DistrustTime = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();

    // Invariant: at most MaxSessions, oldest first. Tickets hold on to sessions that were dropped from here.
    private readonly List<WriteSession> _sessions = [];

    // The time up to which the allowance for new sessions is used up, and the one before which none are used.
    private TimeSpan _allowanceUsedUntil;
    private TimeSpan _distrustedUntil;

    private TimeSpan Now => time.GetElapsedTime(_started);

    /// <summary>Runs a write under an id, and under another one where the session of the first is refused.</summary>
    /// <param name="key">The caller's own id; null to take one.</param>
    /// <param name="timeout">How long it may take in all.</param>
    /// <param name="commit">Runs the write under an id within a time. Not again unless nothing of the first run was taken.</param>
    public async ValueTask<WriteOutcome> CommitAsync(string? key, TimeSpan timeout, Func<WriteTicket, TimeSpan, ValueTask<WriteOutcome>> commit)
    {
        var started = time.GetTimestamp();
        var ticket = key is null ? Take() : new WriteTicket(RequestId.ForKey(key));
        try
        {
            return await CommitAsync(ticket, timeout, commit).ConfigureAwait(false);
        }
        catch (StoreException e) when (e.Code == ErrorCode.RequestExpired && ticket.IsOfSession && time.GetElapsedTime(started) < timeout)
        {
            // No copy was taken: the bucket finds the session too old, or from the future. The clock here is not the store's.
            return await CommitAsync(TakeKey(), timeout - time.GetElapsedTime(started), commit).ConfigureAwait(false);
        }
    }

    private static async ValueTask<WriteOutcome> CommitAsync(WriteTicket ticket, TimeSpan timeout, Func<WriteTicket, TimeSpan, ValueTask<WriteOutcome>> commit)
    {
        var isUnknown = false;
        try
        {
            var outcome = await commit(ticket, timeout).ConfigureAwait(false);
            isUnknown = outcome is WriteOutcome.Unknown;
            return outcome;
        }
        finally
        {
            ticket.End(isUnknown);
        }
    }

    private WriteTicket Take()
    {
        lock (_lock)
        {
            var now = Now;
            _sessions.RemoveAll(session => now - session.Created >= Lifetime || session.HasUnknown);
            var session = now < _distrustedUntil ? null : _sessions.Find(each => each.Window.HasRoom) ?? TryCreate(now);
            return session is null ? new WriteTicket(MakeKey()) : new WriteTicket(this, session, session.Window.Take());
        }
    }

    /// <summary>An id that is a key, for a write whose session was refused. For a while there will be no other ones.</summary>
    private WriteTicket TakeKey()
    {
        lock (_lock)
        {
            _sessions.Clear();
            _distrustedUntil = Now + DistrustTime;
            return new WriteTicket(MakeKey());
        }
    }

    internal ulong AnsweredUpTo(WriteSession session)
    {
        lock (_lock)
        {
            return session.Window.AnsweredUpTo;
        }
    }

    internal void End(WriteSession session, ulong sequence, bool isUnknown)
    {
        lock (_lock)
        {
            if (isUnknown)
            {
                session.HasUnknown = true;
            }
            else
            {
                // Also where the caller gave up: nobody was told the id, so nobody will ask. A copy that is still under way takes effect or is refused.
                session.Window.Answer(sequence);
            }
        }
    }

    private WriteSession? TryCreate(TimeSpan now)
    {
        // An allowance of MaxSessions, which fills up by one per interval.
        var from = _allowanceUsedUntil > now ? _allowanceUsedUntil : now;
        var wall = new WallTime(time.GetUtcNow().ToUnixTimeMilliseconds());
        if (from - now > Interval * (MaxSessions - 1) || wall <= WallTime.Zero || wall > WallTime.Max)
        {
            return null;
        }

        _allowanceUsedUntil = from + Interval;
        if (_sessions.Count == MaxSessions)
        {
            _sessions.RemoveAt(0);
        }

        var session = new WriteSession(SessionId.Create(wall, (ushort)random.NextUInt64(), random.NextUInt64()), now, Window);
        _sessions.Add(session);
        return session;
    }

    private RequestId MakeKey() => RequestId.ForKey($"{random.NextUInt64():x16}{random.NextUInt64():x16}");
}
