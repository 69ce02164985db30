namespace OrleansStore.Service.Routing.Sessions;

/// <summary>The sessions of this router with one bucket. Safe for concurrent use.</summary>
/// <remarks>
/// <para>Normally there is one. Another is made when its window is full, when a write in it ended with unknown outcome, or when it was idle for so long that the
/// bucket may be about to end it. A session that is given up is left to idle out, so that the bucket can tell the outcomes in it for its time.</para>
/// <para>New sessions are bounded in rate, for the bucket remembers each for its idle timeout. Where none may be made, one that holds an unknown outcome still
/// serves: its answered numbers stop below that write, so that nothing is forgotten; it only fills up.</para>
/// </remarks>
internal sealed class SessionPool(RouterOptions options, IRandomSource random, RouterMetrics metrics)
{
    private readonly Lock _lock = new();

    // Invariant: at most MaxSessionsPerBucket, oldest first. Tickets hold on to sessions that were dropped from here.
    private readonly List<RouterSession> _sessions = [];

    // The time up to which the allowance for new sessions is used up.
    private MonotonicTime _allowanceUsedUntil = MonotonicTime.Zero;

    /// <summary>Takes a sequence number for one write.</summary>
    /// <param name="now">The engine's clock.</param>
    /// <param name="wall">The wall clock, which a new session's id holds.</param>
    /// <returns>Null where all windows are full and no session may be made now.</returns>
    public WriteTicket? TryTake(MonotonicTime now, WallTime wall)
    {
        lock (_lock)
        {
            _sessions.RemoveAll(session => now - session.LastUse >= options.SessionRenewal);
            var session = _sessions.Find(each => each.Window.HasRoom && !each.HasUnknown)
                ?? TryCreate(now, wall)
                ?? _sessions.Find(each => each.Window.HasRoom);
            return session is null ? null : new WriteTicket(this, session, session.Window.Take(), now);
        }
    }

    internal RequestIdentity IdentityOf(RouterSession session, RequestId id)
    {
        lock (_lock)
        {
            return new RequestIdentity(id, session.Window.AnsweredUpTo);
        }
    }

    internal void End(RouterSession session, ulong sequence, MonotonicTime taken, WriteResult? result, bool isSessionEnded)
    {
        lock (_lock)
        {
            if (result?.Status == WriteStatus.OutcomeUnknown)
            {
                session.MarkUnknown();
            }
            else
            {
                // A write whose caller gave up counts as answered: nobody was told its id, so nobody will ask. A copy that is still under way takes effect
                // or is refused, either of which may be the fate of such a write.
                session.Window.Answer(sequence);
            }

            // Rejections without the log, and refusals, do not reach the session.
            if (result is { Status: WriteStatus.Applied or WriteStatus.NotFound } or { DurableCopies: > 0 })
            {
                session.ConfirmUse(taken);
            }

            if (isSessionEnded)
            {
                _sessions.Remove(session);
            }
        }
    }

    private RouterSession? TryCreate(MonotonicTime now, WallTime wall)
    {
        // An allowance of MaxSessionsPerBucket, which fills up by one per SessionInterval.
        var from = _allowanceUsedUntil > now ? _allowanceUsedUntil : now;
        if (from - now > options.SessionInterval * (options.MaxSessionsPerBucket - 1))
        {
            return null;
        }

        _allowanceUsedUntil = from + options.SessionInterval;
        if (_sessions.Count == options.MaxSessionsPerBucket)
        {
            var spent = _sessions.FindIndex(each => each.HasUnknown);
            _sessions.RemoveAt(Math.Max(spent, 0));
        }

        // A clock that was never set shows a time that no session may have; the bucket will refuse this one, and the write says so.
        var created = wall > WallTime.Zero && wall <= WallTime.Max ? wall : new WallTime(1);
        var session = new RouterSession(SessionId.Create(created, (ushort)random.NextUInt64(), random.NextUInt64()), now, options.SessionWindow);
        _sessions.Add(session);
        metrics.CountSession();
        return session;
    }
}
