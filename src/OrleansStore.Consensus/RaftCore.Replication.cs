using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Replication;
using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus;

/// <summary>What a leader does: appends (Raft section 5.3), commitment (5.4.2), heartbeats, and the answers to all of them.</summary>
public sealed partial class RaftCore
{
    /// <summary>Tells a leader that messages to a member may have been lost: it probes before it sends more.</summary>
    /// <param name="now">The time.</param>
    /// <param name="peer">The member.</param>
    public void ReportUnreachable(MonotonicTime now, ReplicaId peer)
    {
        Observe(now);
        if (_role == RaftRole.Leader && _tracker.Find(peer) is { State: ProgressState.Replicate } member)
        {
            member.BecomeProbe();
        }
    }

    /// <summary>Tells a leader how sending a snapshot ended.</summary>
    /// <param name="now">The time.</param>
    /// <param name="peer">The member it was sent to.</param>
    /// <param name="isDelivered">Whether the member has all of it.</param>
    public void ReportSnapshot(MonotonicTime now, ReplicaId peer, bool isDelivered)
    {
        Observe(now);
        if (_role != RaftRole.Leader || _tracker.Find(peer) is not { State: ProgressState.Snapshot } member)
        {
            return;
        }

        if (!isDelivered)
        {
            member.AbortSnapshot();
        }

        member.BecomeProbe();

        // If it was delivered the member's own answer is about to come; if not, the next heartbeat answer is soon enough to try again.
        member.FlowPaused = true;
    }

    private void TickLeader()
    {
        _electionElapsedTicks++;
        _heartbeatElapsedTicks++;
        if (_electionElapsedTicks >= _options.ElectionTimeoutTicks)
        {
            _electionElapsedTicks = 0;
            if (_options.CheckQuorum)
            {
                CheckQuorum();
            }

            // Raft thesis, section 3.10: a transfer that has not happened within an election timeout will not happen.
            _transferTarget = ReplicaId.None;
        }

        if (_role != RaftRole.Leader)
        {
            return;
        }

        LeaveJointIfDue();
        if (_heartbeatElapsedTicks >= _options.HeartbeatTicks)
        {
            _heartbeatElapsedTicks = 0;
            if (_hibernation == HibernationPhase.Draining)
            {
                BroadcastHibernate();
            }
            else
            {
                BroadcastHeartbeat();
                OfferLeadershipToPreferred();
            }
        }
        else if (_owesCommitNotice && _log.Commit == _log.LastIndex)
        {
            // While a proposal is under way another append is likely to follow it soon, and takes the commit index along.
            NoticeCommit();
        }

        TickHibernation();
    }

    /// <summary>Tells the followers of what is committed by a heartbeat, which shares its payload with those of other groups.</summary>
    private void NoticeCommit()
    {
        _owesCommitNotice = false;
        foreach (var member in _tracker.Members)
        {
            if (member.Id != Id && member.CanAdvanceCommitTo(_log.Commit))
            {
                SendHeartbeat(member);
            }
        }
    }

    private void CheckQuorum()
    {
        // Raft thesis, section 6.2: a leader that no majority answers steps down, so that clients go elsewhere.
        if (!_tracker.IsQuorumActive(Id))
        {
            BecomeFollower(_term, ReplicaId.None);
        }

        _tracker.ForgetActivity(Id);
    }

    private void BroadcastAppend()
    {
        foreach (var member in _tracker.Members)
        {
            if (member.Id != Id)
            {
                SendAppend(member);
            }
        }
    }

    private void BroadcastHeartbeat()
    {
        foreach (var member in _tracker.Members)
        {
            if (member.Id != Id)
            {
                SendHeartbeat(member);
            }
        }
    }

    private void SendHeartbeat(Progress member)
    {
        // The commit index must not run ahead of what the follower is known to hold: its log may differ behind that.
        var commit = member.Match < _log.Commit ? member.Match : _log.Commit;
        Send(new RaftMessage { Type = RaftMessageType.Heartbeat, To = member.Id, Commit = commit, Context = _reads.CurrentRound, SentAt = _now });
        member.SentCommit(commit);
    }

    private void SendAppend(Progress member) => TrySendAppend(member, evenIfEmpty: true);

    /// <summary>Sends the next entries to a member, or a snapshot where the log no longer has them.</summary>
    /// <param name="member">Not this replica.</param>
    /// <param name="evenIfEmpty">Whether to send an append without entries: it carries the commit index and probes.</param>
    /// <returns>Whether something was sent.</returns>
    private bool TrySendAppend(Progress member, bool evenIfEmpty)
    {
        if (member.IsPaused)
        {
            return false;
        }

        var previous = member.Next.Previous;
        if (_log.TermAt(previous) is not { } previousTerm || member.Next < _log.FirstIndex)
        {
            return TrySendSnapshot(member);
        }

        var entries = member.State != ProgressState.Replicate || !member.IsInflightFull
            ? _log.EntriesFrom(member.Next, _options.MaxAppendBytes)
            : default;
        if (entries.IsEmpty && !evenIfEmpty)
        {
            return false;
        }

        Send(new RaftMessage
        {
            Type = RaftMessageType.Append,
            To = member.Id,
            Index = previous,
            LogTerm = previousTerm,
            Commit = _log.Commit,
            Entries = entries,
            SentAt = _now,
        });
        member.SentAppend(entries.Length, DataBytes(entries.Span), _log.Commit);
        return true;
    }

    private bool TrySendSnapshot(Progress member)
    {
        // A member that does not answer would only fill the link with snapshots; one that is being installed here can still be lost here.
        if (!member.RecentActive || (_log.InstallingSnapshot ?? _snapshots.Latest) is not { } snapshot)
        {
            return false;
        }

        Invariant.Check(
            snapshot.Metadata.Index >= _log.Prev.Index, $"the log was compacted to {_log.Prev} but the newest snapshot is at {snapshot.Metadata.LastEntry} (invariant 7)");
        member.BecomeSnapshot(snapshot.Metadata.Index);
        Send(new RaftMessage { Type = RaftMessageType.InstallSnapshot, To = member.Id, Snapshot = snapshot, SentAt = _now });
        return true;
    }

    private void HandleFollowerResponse(in RaftMessage response)
    {
        if (_role != RaftRole.Leader || _tracker.Find(response.From) is not { } member)
        {
            return;
        }

        member.RecentActive = true;
        ConfirmSend(member, response);
        switch (response.Type)
        {
            case RaftMessageType.AppendResponse when response.Reject:
                HandleRejectedAppend(member, response);
                break;
            case RaftMessageType.AppendResponse:
                HandleAcceptedAppend(member, response.Index);
                break;
            case RaftMessageType.HeartbeatResponse:
                HandleHeartbeatResponse(member, response.Context);
                break;
            case RaftMessageType.HibernateResponse:
                HandleHibernateResponse(member, response);
                break;
            default:
                Invariant.Fail($"message type {response.Type} has no handler");
                break;
        }
    }

    /// <summary>Notes until when, by our clock, the member is known to have promised: at or after the time we sent what it answers.</summary>
    private static void ConfirmSend(Progress member, in RaftMessage response)
    {
        // Raft thesis, section 6.4.1. Answers of another term never come here, and a Hibernate answer confirms the end of a promise, not one.
        if (response.Type is RaftMessageType.AppendResponse or RaftMessageType.HeartbeatResponse
            && response.SentAt > (member.ConfirmedSend ?? MonotonicTime.Zero))
        {
            member.ConfirmedSend = response.SentAt;
        }
    }

    private void HandleRejectedAppend(Progress member, in RaftMessage response)
    {
        var hint = response.RejectHint;
        if (response.LogTerm > Term.None)
        {
            // Our log may end that term earlier still.
            (hint, _) = _log.FindConflictByTerm(hint, response.LogTerm);
        }

        if (member.TryBackUp(response.Index, hint))
        {
            if (member.State == ProgressState.Replicate)
            {
                member.BecomeProbe();
            }

            SendAppend(member);
        }
    }

    private void HandleAcceptedAppend(Progress member, LogIndex index)
    {
        var isNews = member.TryAdvanceMatch(index);
        if (!isNews && !(member.State == ProgressState.Probe && member.Match == index))
        {
            return;
        }

        switch (member.State)
        {
            case ProgressState.Probe:
                member.BecomeReplicate();
                break;
            case ProgressState.Snapshot when member.Match >= _log.Prev.Index:
                // Whatever became of the snapshot: the log reaches back to what the member has.
                member.BecomeProbe();
                member.BecomeReplicate();
                break;
            case ProgressState.Replicate:
                member.FreeInflightTo(index);
                break;
            default:
                break;
        }

        if (TryCommit())
        {
            ReleaseEarlyReads();
            if (_options.DelayCommitNotices && !IsConfigChangeBeingApplied)
            {
                _owesCommitNotice = true;
            }
            else
            {
                BroadcastAppend();
            }
        }
        else if (member.Id != Id && member.CanAdvanceCommitTo(_log.Commit))
        {
            if (_options.DelayCommitNotices)
            {
                _owesCommitNotice = true;
            }
            else
            {
                SendAppend(member);
            }
        }

        if (member.Id != Id)
        {
            while (TrySendAppend(member, evenIfEmpty: false))
            {
                // The window opened: fill it.
            }
        }

        if (member.Id == _transferTarget && member.Match == _log.LastIndex)
        {
            SendTimeoutNow(member.Id);
        }
    }

    private void HandleHeartbeatResponse(Progress member, ulong round)
    {
        member.FlowPaused = false;
        if (member.Match < _log.LastIndex || member.State == ProgressState.Probe)
        {
            SendAppend(member);
        }

        ConfirmReads(member, round);
    }

    private bool TryCommit() => _log.TryCommit(_tracker.CommittedIndex(), _term);

    private static long DataBytes(ReadOnlySpan<Entry> entries)
    {
        var bytes = 0L;
        foreach (ref readonly var entry in entries)
        {
            bytes += entry.Data.Length;
        }

        return bytes;
    }
}
