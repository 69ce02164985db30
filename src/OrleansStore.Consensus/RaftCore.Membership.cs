using OrleansStore.Consensus.Membership;
using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus;

/// <summary>Membership changes (Raft thesis, sections 4.1 to 4.3). A configuration takes effect when its entry is applied.</summary>
public sealed partial class RaftCore
{
    // The last entry that may hold a configuration change which is not applied.
    // Invariant: at a leader no configuration change stands in the log behind it.
    private LogIndex _pendingConfigIndex;

    private bool IsConfigChangeBeingApplied => _pendingConfigIndex > _log.Applied;

    /// <summary>Puts a committed configuration change in force. The driver calls it for each entry of type <see cref="EntryType.ConfigChange"/> among
    /// <see cref="Ready.CommittedEntries"/>, in order, before it acknowledges them.</summary>
    /// <param name="now">The time.</param>
    /// <param name="change">The decoded entry.</param>
    /// <returns>The configuration in force.</returns>
    /// <exception cref="InvariantViolationException">The change does not fit. Leaders refuse such changes, so a committed one is a bug.</exception>
    public GroupConfig ApplyConfigChange(MonotonicTime now, ConfigChange change)
    {
        Observe(now);
        var error = ConfigChanger.TryApply(_tracker.Config, change, out var next);
        Invariant.Check(error == ConfigChangeError.None, $"a committed configuration change does not fit {_tracker.Config}: {error}");
        SwitchTo(next);
        return next;
    }

    private void SwitchTo(GroupConfig next)
    {
        _tracker.SwitchTo(next, _log.LastIndex);
        if (_role != RaftRole.Leader)
        {
            return;
        }

        if (_tracker.Find(Id) is not { IsLearner: false })
        {
            // Raft thesis, section 4.2.2: the leader that committed its own removal steps down.
            if (_options.StepDownOnRemoval)
            {
                BecomeFollower(_term, ReplicaId.None);
            }

            return;
        }

        // A smaller quorum may commit what waited for a larger one; new members want to be sent something at once.
        if (TryCommit())
        {
            ReleaseEarlyReads();
            BroadcastAppend();
        }
        else
        {
            foreach (var member in _tracker.Members)
            {
                if (member.Id != Id)
                {
                    TrySendAppend(member, evenIfEmpty: false);
                }
            }
        }

        if (_transferTarget != ReplicaId.None && !next.IsVoter(_transferTarget))
        {
            _transferTarget = ReplicaId.None;
        }
    }

    private bool IsAcceptable(ConfigChange change, LogIndex pendingConfigIndex)
    {
        // One at a time: quorums of two configurations that are two changes apart need not overlap (Raft thesis, section 4.1).
        return pendingConfigIndex <= _log.Applied && ConfigChanger.TryApply(_tracker.Config, change, out _) == ConfigChangeError.None;
    }

    /// <summary>Leaves a joint configuration that asks for it, once it is applied. Called when entries were applied, and with each tick: while leadership is being handed over the entry is
    /// refused, and on a quiet group no other entry would bring another try.</summary>
    private void LeaveJointIfDue()
    {
        if (_role == RaftRole.Leader && _tracker.Config.AutoLeave && _log.Applied >= _pendingConfigIndex)
        {
            AppendProposals([new Entry(Term.None, LogIndex.None, EntryType.ConfigChange, ConfigChange.LeaveJoint.Encode())]);
        }
    }
}
