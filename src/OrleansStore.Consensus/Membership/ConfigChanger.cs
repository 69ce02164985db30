using System.Collections.Immutable;
using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus.Membership;

/// <summary>Computes the configuration that follows from a change. Pure: a refused change leaves nothing behind.</summary>
internal static class ConfigChanger
{
    /// <summary>Applies <paramref name="change"/> in the way its <see cref="ConfigChange.Transition"/> asks for.</summary>
    /// <param name="current">The configuration in force.</param>
    /// <param name="change">The change.</param>
    /// <param name="next">The configuration after it; <paramref name="current"/> where it is refused.</param>
    public static ConfigChangeError TryApply(GroupConfig current, ConfigChange change, out GroupConfig next)
    {
        if (change.IsLeaveJoint)
        {
            return TryLeaveJoint(current, out next);
        }

        return change.EntersJoint
            ? TryEnterJoint(current, change.AutoLeave, change.Changes, out next)
            : TrySimple(current, change.Changes, out next);
    }

    /// <summary>Changes at most one voter, and any number of learners, in one step (Raft thesis, section 4.1).</summary>
    public static ConfigChangeError TrySimple(GroupConfig current, ImmutableArray<MemberChange> changes, out GroupConfig next)
    {
        next = current;
        if (current.IsJoint)
        {
            return ConfigChangeError.SimpleWhileJoint;
        }

        var draft = new Draft(current);
        draft.Apply(changes);
        if (draft.Voters.Count == 0)
        {
            return ConfigChangeError.RemovedAllVoters;
        }

        // Majorities of two configurations that differ in one voter overlap; with two, they may not.
        var changed = new HashSet<ReplicaId>(draft.Voters);
        changed.SymmetricExceptWith(current.Voters);
        if (changed.Count > 1)
        {
            return ConfigChangeError.MoreThanOneVoterChanged;
        }

        next = draft.Build(autoLeave: false);
        return ConfigChangeError.None;
    }

    /// <summary>Enters the joint configuration of the current voters and the changed ones (Raft section 6, Raft thesis section 4.3).</summary>
    public static ConfigChangeError TryEnterJoint(
        GroupConfig current, bool autoLeave, ImmutableArray<MemberChange> changes, out GroupConfig next)
    {
        next = current;
        if (current.IsJoint)
        {
            return ConfigChangeError.AlreadyJoint;
        }

        if (current.Voters.IsEmpty)
        {
            return ConfigChangeError.ZeroVoters;
        }

        var draft = new Draft(current);
        draft.Outgoing.UnionWith(current.Voters);
        draft.Apply(changes);
        if (draft.Voters.Count == 0)
        {
            return ConfigChangeError.RemovedAllVoters;
        }

        next = draft.Build(autoLeave);
        return ConfigChangeError.None;
    }

    /// <summary>Ends the joint configuration: the incoming half alone decides from now on.</summary>
    public static ConfigChangeError TryLeaveJoint(GroupConfig current, out GroupConfig next)
    {
        next = current;
        if (!current.IsJoint)
        {
            return ConfigChangeError.NotJoint;
        }

        next = GroupConfig.Create(current.Voters, current.Learners.Concat(current.LearnersNext));
        return ConfigChangeError.None;
    }

    /// <summary>A configuration in the making. The steps are applied in order, so a later one may undo an earlier one.</summary>
    private sealed class Draft(GroupConfig current)
    {
        public HashSet<ReplicaId> Voters { get; } = [.. current.Voters];

        public HashSet<ReplicaId> Outgoing { get; } = [.. current.VotersOutgoing];

        private HashSet<ReplicaId> Learners { get; } = [.. current.Learners];

        private HashSet<ReplicaId> LearnersNext { get; } = [.. current.LearnersNext];

        public void Apply(ImmutableArray<MemberChange> changes)
        {
            foreach (var change in changes)
            {
                if (change.Id != ReplicaId.None)
                {
                    Apply(change);
                }
            }
        }

        public GroupConfig Build(bool autoLeave)
        {
            Invariant.Check(!Learners.Overlaps(Voters) && !Learners.Overlaps(Outgoing), "a learner must not vote in either half");
            Invariant.Check(LearnersNext.IsSubsetOf(Outgoing), "only a voter of the outgoing half becomes a learner later");
            return GroupConfig.Create(Voters, Learners, Outgoing, LearnersNext, autoLeave);
        }

        private void Apply(MemberChange change)
        {
            switch (change.Type)
            {
                case ConfigChangeType.AddVoter:
                    Learners.Remove(change.Id);
                    LearnersNext.Remove(change.Id);
                    Voters.Add(change.Id);
                    break;
                case ConfigChangeType.AddLearner:
                    AddLearner(change.Id);
                    break;
                case ConfigChangeType.Remove:
                    Remove(change.Id);
                    break;
                case ConfigChangeType.Update:
                    break;
                default:
                    Invariant.Fail($"unknown member change {change.Type}");
                    break;
            }
        }

        private void AddLearner(ReplicaId id)
        {
            if (Learners.Contains(id))
            {
                return;
            }

            Remove(id);

            // A replica that still votes in the outgoing half must not be a learner yet: it would be asked for votes and counted out of them.
            (Outgoing.Contains(id) ? LearnersNext : Learners).Add(id);
        }

        private void Remove(ReplicaId id)
        {
            Voters.Remove(id);
            Learners.Remove(id);
            LearnersNext.Remove(id);
        }
    }
}
