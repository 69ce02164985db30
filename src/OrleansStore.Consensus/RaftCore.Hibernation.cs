using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Replication;

namespace OrleansStore.Consensus;

/// <summary>Hibernation: an idle group stops its timers by a handshake, so that no replica is left waiting for a leader that sleeps.</summary>
/// <remarks>
/// <para>The leader ends its lease, tells each reachable member term, index and commit, and sleeps when all of them have agreed. A member agrees if its durable
/// log ends at that index; it then knows that everything is committed, and its vote promise ends: that leader holds no lease any more.</para>
/// <para>A handshake may be abandoned and its messages may be late. So that a late one cannot end a promise which a newer heartbeat has
/// renewed, and the leader has counted:</para>
/// <list type="number">
/// <item>The handshake carries the time h at which it began, in the leader's clock. The leader's lease counts only messages sent after h.</item>
/// <item>A member that has taken in anything sent after h ignores the handshake.</item>
/// <item>So a promise that ends by the handshake was renewed at h or before, and no lease counts it.</item>
/// </list>
/// </remarks>
public sealed partial class RaftCore
{
    private HibernationPhase _hibernation = HibernationPhase.Awake;
    private MonotonicTime _drainingSince;
    private int _drainingTicks;

    /// <summary>Where this replica stands between work and sleep. Any message or request but a tick wakes it.</summary>
    public HibernationPhase Hibernation => _hibernation;

    /// <summary>Starts to put an idle group to sleep. The handshake ends in <see cref="HibernationPhase.Asleep"/>, or is abandoned by the next request, by a member that
    /// does not agree, or after an election timeout.</summary>
    /// <param name="now">The time.</param>
    /// <param name="unreachable">Members that are known to be down: they are not waited for.</param>
    /// <returns>False, and nothing happens, if this replica does not lead, is not idle, or a reachable member does not hold the whole log.</returns>
    public bool TryHibernate(MonotonicTime now, IReadOnlyCollection<ReplicaId> unreachable)
    {
        Observe(now);
        if (!IsIdleLeader)
        {
            return false;
        }

        foreach (var member in _tracker.Members)
        {
            var isUpToDate = member is { State: ProgressState.Replicate } && member.Match == _log.LastIndex;
            if (member.Id != Id && !isUpToDate && !unreachable.Contains(member.Id))
            {
                return false;
            }
        }

        _hibernation = HibernationPhase.Draining;
        _drainingSince = _now;
        _drainingTicks = 0;
        _heartbeatElapsedTicks = 0;

        // The handshake tells the members what is committed. A heartbeat that came after it would wake them again.
        _owesCommitNotice = false;
        _lease.Release(_now);
        foreach (var member in _tracker.Members)
        {
            member.HibernationConfirmed = member.Id == Id || unreachable.Contains(member.Id);
        }

        BroadcastHibernate();
        FallAsleepIfConfirmed();
        return true;
    }

    /// <summary>Puts a replica to sleep that has no vote and that no leader has talked to for an election timeout: nobody counts on it, and it has nobody to make a handshake with.
    /// What it has promised stays promised.</summary>
    /// <param name="now">The time.</param>
    /// <returns>False, and nothing happens, if this replica votes, hears a leader, or has work that is not finished.</returns>
    public bool TryDoze(MonotonicTime now)
    {
        Observe(now);
        var isAlone = _role == RaftRole.Follower && _tracker.Find(Id) is null or { IsLearner: true } && _electionElapsedTicks >= _options.ElectionTimeoutTicks;
        if (!isAlone || _hibernation != HibernationPhase.Awake || _log.InstallingSnapshot is not null || _log.Durable != _log.LastIndex)
        {
            return false;
        }

        _hibernation = HibernationPhase.Asleep;
        return true;
    }

    /// <summary>Wakes a replica that sleeps: a leader sends heartbeats again, a follower expects them within an election timeout.</summary>
    /// <param name="now">The time.</param>
    public void Wake(MonotonicTime now)
    {
        Observe(now);
        WakeUp();
    }

    private bool IsIdleLeader =>
        _role == RaftRole.Leader && _hibernation == HibernationPhase.Awake && !_tracker.Config.IsJoint
        && _transferTarget == ReplicaId.None && _reads.Count == 0 && _earlyReads.Count == 0 && HasCommittedInTerm
        && _log.Commit == _log.LastIndex && _log.Applied == _log.LastIndex && _log.Durable == _log.LastIndex;

    private void BroadcastHibernate()
    {
        foreach (var member in _tracker.Members)
        {
            if (!member.HibernationConfirmed)
            {
                Send(new RaftMessage
                {
                    Type = RaftMessageType.Hibernate,
                    To = member.Id,
                    Index = _log.LastIndex,
                    LogTerm = _log.LastEntry.Term,
                    Commit = _log.Commit,
                    SentAt = _drainingSince,
                });
            }
        }
    }

    private void HandleHibernate(in RaftMessage message)
    {
        if (_role == RaftRole.Leader || (_lastLeaderSend is { } last && last > message.SentAt))
        {
            return;
        }

        if (_role != RaftRole.Follower)
        {
            BecomeFollower(_term, message.From);
        }

        _leader = message.From;
        _electionElapsedTicks = 0;
        _insistsForTicks = 0;
        _lastLeaderSend = message.SentAt;
        var agrees = _log.InstallingSnapshot is null && _log.Durable >= message.Index
            && _log.LastEntry == new EntryId(message.LogTerm, message.Index);
        if (agrees)
        {
            _log.CommitTo(message.Commit);

            // That a leader of this term exists proves that the leases of earlier terms are over, so whatever was promised ends here.
            _promise.Release();
            _hibernation = HibernationPhase.Asleep;
        }

        Send(new RaftMessage
        {
            Type = RaftMessageType.HibernateResponse,
            To = message.From,
            Index = _log.LastIndex,
            Reject = !agrees,
            SentAt = message.SentAt,
        });
    }

    private void HandleHibernateResponse(Progress member, in RaftMessage response)
    {
        if (_hibernation != HibernationPhase.Draining || response.SentAt != _drainingSince)
        {
            return;
        }

        if (response.Reject)
        {
            WakeUp();
            return;
        }

        member.HibernationConfirmed = true;
        FallAsleepIfConfirmed();
    }

    private void FallAsleepIfConfirmed()
    {
        foreach (var member in _tracker.Members)
        {
            if (!member.HibernationConfirmed)
            {
                return;
            }
        }

        _hibernation = HibernationPhase.Asleep;
    }

    private void TickHibernation()
    {
        if (_hibernation == HibernationPhase.Draining && ++_drainingTicks >= _options.ElectionTimeoutTicks)
        {
            WakeUp();
        }
    }

    /// <summary>Ends the sleep, or abandons the handshake that leads to it.</summary>
    private void WakeUp()
    {
        if (_hibernation == HibernationPhase.Awake)
        {
            return;
        }

        _hibernation = HibernationPhase.Awake;
        _electionElapsedTicks = 0;
        _heartbeatElapsedTicks = 0;
        if (_role == RaftRole.Leader)
        {
            // Members that agreed already sleep: wake them before anything is asked of them.
            BroadcastHeartbeat();
        }
    }
}
