using OrleansStore.Consensus.Messages;
using OrleansStore.Consensus.Replication;

namespace OrleansStore.Consensus;

/// <summary>Leadership transfer (Raft thesis, section 3.10), asked for or on the leader's own account.</summary>
public sealed partial class RaftCore
{
    private const int MaxOfferBackoff = 64;

    private ReplicaId _transferTarget;

    // Election timeouts between two offers to the preferred leader; doubled each time, so that a replica that cannot take over costs little.
    private int _offerBackoff = 1;
    private int _ticksToNextOffer;

    /// <summary>The replica that leadership is being handed to; <see cref="ReplicaId.None"/> while no transfer is under way.</summary>
    public ReplicaId TransferTarget => _transferTarget;

    /// <summary>The replica that shall lead whenever it can: that of the primary datacenter. A leader hands over to it once it holds the whole log.
    /// <see cref="ReplicaId.None"/> for no preference.</summary>
    public ReplicaId PreferredLeader { get; set; }

    /// <summary>Asks that <paramref name="target"/> shall lead. A follower hands the wish to its leader. Without effect where no leader is known, and where
    /// the target is no voter. While a transfer is under way proposals are refused; it is given up after an election timeout.</summary>
    /// <param name="now">The time.</param>
    /// <param name="target">The replica that shall lead.</param>
    public void TransferLeadership(MonotonicTime now, ReplicaId target)
    {
        Observe(now);
        WakeUp();
        HandleTransferLeadership(target);
    }

    /// <summary>The voter that could lead at once: it was heard of lately and its durable log is as long as the leader's; the preferred leader first.
    /// <see cref="ReplicaId.None"/> where there is none, or this replica does not lead.</summary>
    public ReplicaId FindSuccessor()
    {
        var found = ReplicaId.None;
        if (_role == RaftRole.Leader)
        {
            foreach (var member in _tracker.Members)
            {
                var canLead = member.Id != Id && member is { IsLearner: false, RecentActive: true, State: ProgressState.Replicate } && member.Match == _log.LastIndex;
                found = canLead && (found == ReplicaId.None || member.Id == PreferredLeader) ? member.Id : found;
            }
        }

        return found;
    }

    private void HandleTransferLeadership(ReplicaId target)
    {
        if (_role == RaftRole.Follower && _leader != ReplicaId.None)
        {
            Send(new RaftMessage { Type = RaftMessageType.TransferLeadership, From = target, To = _leader });
        }

        if (_role != RaftRole.Leader || _tracker.Find(target) is not { IsLearner: false } member || _transferTarget == target)
        {
            return;
        }

        // A new wish replaces the old one, also where it is that nothing shall change.
        _transferTarget = ReplicaId.None;
        if (target == Id)
        {
            return;
        }

        // The transfer gets a whole election timeout.
        _electionElapsedTicks = 0;
        _transferTarget = target;
        if (member.Match == _log.LastIndex)
        {
            SendTimeoutNow(target);
        }
        else
        {
            SendAppend(member);
        }
    }

    private void SendTimeoutNow(ReplicaId target)
    {
        // Invariant 6: from here on votes may be granted in spite of promises, for as long as this message or its offspring may be under way.
        _lease.Forfeit();
        Send(new RaftMessage { Type = RaftMessageType.TimeoutNow, To = target });
    }

    private void HandleTimeoutNow()
    {
        if (_role == RaftRole.Follower)
        {
            StartCampaign(isTransfer: true);
        }
    }

    /// <summary>Hands leadership to the preferred replica where it could take over at once. Called at each heartbeat.</summary>
    private void OfferLeadershipToPreferred()
    {
        _ticksToNextOffer -= _options.HeartbeatTicks;
        if (PreferredLeader == Id || PreferredLeader == ReplicaId.None)
        {
            _offerBackoff = 1;
            return;
        }

        // Who has a configuration change before it that it has not applied does not campaign.
        var isChangingMembers = _tracker.Config.IsJoint || IsConfigChangeBeingApplied;
        var canTakeOver = _ticksToNextOffer <= 0 && _transferTarget == ReplicaId.None && !isChangingMembers
            && _tracker.Config.IsVoter(PreferredLeader)
            && _tracker.Find(PreferredLeader) is { RecentActive: true, State: ProgressState.Replicate } member
            && member.Match >= _log.Commit;
        if (canTakeOver)
        {
            _ticksToNextOffer = _offerBackoff * _options.ElectionTimeoutTicks;
            _offerBackoff = Math.Min(_offerBackoff * 2, MaxOfferBackoff);
            HandleTransferLeadership(PreferredLeader);
        }
    }
}
