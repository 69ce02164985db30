using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Quorums;

namespace OrleansStore.Consensus.Replication;

/// <summary>The members of a group, what is known of each, and what their majorities agree to.</summary>
internal sealed class ProgressTracker(int maxInflightMessages, long maxInflightBytes)
{
    // Sorted by id, so that nothing depends on the order of a hash table.
    private Progress[] _members = [];

    public GroupConfig Config { get; private set; } = GroupConfig.Empty;

    public ReadOnlySpan<Progress> Members => _members;

    public Progress? Find(ReplicaId id)
    {
        foreach (var member in _members)
        {
            if (member.Id == id)
            {
                return member;
            }
        }

        return null;
    }

    /// <summary>Puts a configuration in force. Members that stay keep their progress; new ones are probed from <paramref name="lastIndex"/>.</summary>
    public void SwitchTo(GroupConfig config, LogIndex lastIndex)
    {
        var ids = config.Members();
        var members = new Progress[ids.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            var member = Find(ids[i]);
            if (member is null)
            {
                member = new Progress(ids[i], maxInflightMessages, maxInflightBytes);
                member.Reset(LogIndex.None, lastIndex > LogIndex.None ? lastIndex : new LogIndex(1));

                // A new member is given the benefit of the doubt until the next quorum check, and may be sent a snapshot at once.
                member.RecentActive = true;
            }

            member.IsLearner = config.IsLearner(ids[i]);
            members[i] = member;
        }

        _members = members;
        Config = config;
    }

    /// <summary>The largest index that is durable on a majority (Raft section 5.3); on a majority of each half where the configuration is joint.</summary>
    public LogIndex CommittedIndex() => new(MajorityOf(static (member, _) => member.Match.Value, 0));

    /// <summary>The largest read round that a majority confirmed.</summary>
    public ulong ConfirmedReadRound() => MajorityOf(static (member, _) => member.ConfirmedReadRound, 0);

    /// <summary>The latest time such that a majority confirmed something sent then or later; null where no majority confirmed anything.</summary>
    /// <param name="self">This leader: it confirms itself at <paramref name="now"/>.</param>
    /// <param name="now">The time of the question.</param>
    /// <param name="floor">Only what was sent after this time counts.</param>
    public MonotonicTime? ConfirmedSend(ReplicaId self, MonotonicTime now, MonotonicTime floor)
    {
        // Times may be negative and 0 means "nothing", so they are counted from the floor.
        var sinceFloor = MajorityOf(
            static (member, state) =>
            {
                var confirmed = member.Id == state.self ? state.now : member.ConfirmedSend;
                return confirmed is { } time && time > state.floor ? (ulong)(time.Ticks - state.floor.Ticks) : 0;
            },
            (self, now, floor));
        return sinceFloor is 0 or Quorum.Everything ? null : new MonotonicTime(floor.Ticks + (long)sinceFloor);
    }

    /// <summary>Whether a majority of the voters answered since the last call of <see cref="ForgetActivity"/>.</summary>
    public bool IsQuorumActive(ReplicaId self) =>
        MajorityOf(static (member, self) => member.RecentActive || member.Id == self ? 1UL : 0, self) != 0;

    public void ForgetActivity(ReplicaId self)
    {
        foreach (var member in _members)
        {
            member.RecentActive = member.Id == self;
        }
    }

    public void ForgetVotes()
    {
        foreach (var member in _members)
        {
            member.Vote = null;
        }
    }

    /// <summary>Notes an answer to the vote that is under way. The first answer of a voter counts, in whatever order copies of it arrive.</summary>
    public void RecordVote(ReplicaId from, bool granted)
    {
        if (Find(from) is { } member)
        {
            member.Vote ??= granted;
        }
    }

    /// <summary>Counts the votes of the voters; those of learners do not count.</summary>
    public VoteResult TallyVotes() => Quorum.Both(Tally(Config.Voters.AsSpan()), Tally(Config.VotersOutgoing.AsSpan()));

    private VoteResult Tally(ReadOnlySpan<ReplicaId> voters)
    {
        var (granted, rejected) = (0, 0);
        foreach (var id in voters)
        {
            var vote = Find(id)?.Vote;
            granted += vote == true ? 1 : 0;
            rejected += vote == false ? 1 : 0;
        }

        return Quorum.MajorityVote(voters.Length, granted, rejected);
    }

    private ulong MajorityOf<TState>(Func<Progress, TState, ulong> value, TState state) =>
        Math.Min(MajorityOf(Config.Voters.AsSpan(), value, state), MajorityOf(Config.VotersOutgoing.AsSpan(), value, state));

    private ulong MajorityOf<TState>(ReadOnlySpan<ReplicaId> voters, Func<Progress, TState, ulong> value, TState state)
    {
        Span<ulong> values = stackalloc ulong[Quorum.MaxVoters];
        values = values[..voters.Length];
        for (var i = 0; i < voters.Length; i++)
        {
            values[i] = Find(voters[i]) is { } member ? value(member, state) : 0;
        }

        return Quorum.MajorityValue(values);
    }
}
