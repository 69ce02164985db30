using OrleansStore.Consensus.Replication;

namespace OrleansStore.Consensus.Leases;

/// <summary>The leader's end of its lease: the right to serve reads without asking a majority (Raft thesis, section 6.4.1).</summary>
/// <remarks>All times are readings of the leader's own monotonic clock. The safety argument stands at <see cref="VoterPromise"/>.</remarks>
internal sealed class LeaderLease(TimeSpan trustedDuration)
{
    // Only what was sent after this time counts. Invariant: MonotonicTime.Never once TimeoutNow was sent in this term.
    private MonotonicTime _floor = MonotonicTime.Never;

    /// <summary>Starts over with a new term, of which nothing was sent before <paramref name="now"/>.</summary>
    public void BeginTerm(MonotonicTime now) => _floor = new MonotonicTime(now.Ticks - 1);

    /// <summary>Ends the lease for the rest of the term: voters are about to be told that their promises do not count.</summary>
    public void Forfeit() => _floor = MonotonicTime.Never;

    /// <summary>Ends the lease until a majority confirms something sent after <paramref name="now"/>.</summary>
    public void Release(MonotonicTime now)
    {
        if (now > _floor)
        {
            _floor = now;
        }
    }

    public bool IsValidAt(MonotonicTime now, ProgressTracker tracker, ReplicaId self) => EndAt(now, tracker, self) is { } end && now < end;

    /// <summary>When the lease ends, or ended, as of what is confirmed at <paramref name="now"/>; null where nothing is.</summary>
    public MonotonicTime? EndAt(MonotonicTime now, ProgressTracker tracker, ReplicaId self)
    {
        // Counted from the send, not the answer: voters promised in between.
        return now > _floor && tracker.ConfirmedSend(self, now, _floor) is { } sent ? sent + trustedDuration : null;
    }
}
