using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;

namespace OrleansStore.Consensus.Tests;

[Trait("Category", "Unit")]
public sealed class HibernationTests
{
    private static readonly ReplicaId[] NoneDown = [];

    [Fact]
    public void Group_FallsAsleep_WhenAllAgree()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);
        group.Propose(1, "a");

        Assert.True(leader.TryHibernate(group.Now, NoneDown));
        group.Settle();

        for (var id = 1; id <= 3; id++)
        {
            Assert.Equal(HibernationPhase.Asleep, group[id].Core.Hibernation);
            Assert.Equal(leader.LastEntry.Index, group[id].Core.AppliedIndex);
        }

        // Nothing is sent and nobody campaigns, however long it sleeps.
        group.Tick(200);
        Assert.Empty(group.Sent);
        Assert.Equal(new Term(1), group[2].Core.Term);
    }

    [Fact]
    public void Leader_DoesNotHibernate_WhenAReachableMemberLacksEntries()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);
        group[3].IsCut = true;
        group.Propose(1, "a");

        Assert.False(leader.TryHibernate(group.Now, NoneDown));
        Assert.True(leader.TryHibernate(group.Now, [new ReplicaId(3)]));
        group.Settle();
        Assert.Equal(HibernationPhase.Asleep, leader.Hibernation);
        Assert.Equal(HibernationPhase.Asleep, group[2].Core.Hibernation);
    }

    [Fact]
    public void Leader_HoldsNoLease_FromTheMomentItBegins()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);
        Assert.True(leader.HasLeaseForReads(group.Now));

        leader.TryHibernate(group.Now, NoneDown);

        Assert.False(leader.HasLeaseForReads(group.Now));
    }

    [Fact]
    public void Leader_Abandons_WhenAMemberDoesNotAnswer()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);
        group[3].IsCut = true;
        leader.TryHibernate(group.Now, NoneDown);
        group.Settle();
        Assert.Equal(HibernationPhase.Draining, leader.Hibernation);
        Assert.Equal(HibernationPhase.Asleep, group[2].Core.Hibernation);

        group.Tick(20, 1);
        Assert.Equal(HibernationPhase.Awake, leader.Hibernation);
        Assert.Equal(HibernationPhase.Awake, group[2].Core.Hibernation);
        Assert.Equal(RaftRole.Leader, leader.Role);

        group.Tick(3, 1);
        Assert.True(leader.HasLeaseForReads(group.Now));
    }

    [Fact]
    public void Leader_TakesARequest_WhenItArrivesDuringTheHandshake()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);
        leader.TryHibernate(group.Now, NoneDown);
        group.Propose(1, "in the middle");

        Assert.Equal(HibernationPhase.Awake, leader.Hibernation);
        for (var id = 1; id <= 3; id++)
        {
            group.Tick(3, 1);
            Assert.Contains("in the middle", group[id].Applied);
            Assert.Equal(HibernationPhase.Awake, group[id].Core.Hibernation);
        }
    }

    // The race that would break invariant 6: the handshake is abandoned, a heartbeat renews the promise and is counted, and then the old
    // handshake message arrives and ends that promise.
    [Fact]
    public void Voter_KeepsItsPromise_WhenAnAbandonedHandshakeArrivesLate()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);
        leader.TryHibernate(group.Now, NoneDown);
        group.Collect();
        var late = group.Take(RaftMessageType.Hibernate);
        Assert.Equal(2, late.Count);
        group.Advance(TimeSpan.FromMilliseconds(1));
        group.Propose(1, "abandons it");
        Assert.True(leader.HasLeaseForReads(group.Now));

        late.ForEach(group.Deliver);

        Assert.Equal(HibernationPhase.Awake, group[2].Core.Hibernation);
        group[2].Core.Campaign(group.Now);
        Assert.False(group.Collect(), "the voter campaigned although the leader holds a lease");
    }

    // The same race within one reading of the clock: nothing sent at the handshake's own time counts for the lease.
    [Fact]
    public void Leader_DoesNotCountWhatItSentAtTheTimeOfTheHandshake()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);
        group.Advance(TimeSpan.FromMilliseconds(1));
        leader.TryHibernate(group.Now, NoneDown);
        group.Collect();
        group.Take(RaftMessageType.Hibernate);
        group.Propose(1, "abandons it");

        Assert.False(leader.HasLeaseForReads(group.Now));
    }

    [Fact]
    public void Member_DoesNotAgree_WhenItsLogEndsElsewhere()
    {
        var group = new TestGroup(3);
        group.Elect(1);
        var core = group[2].Core;
        group.Deliver(new RaftMessage
        {
            Type = RaftMessageType.Hibernate, From = new ReplicaId(1), To = new ReplicaId(2), Term = core.Term, Index = core.LastEntry.Index.Next, LogTerm = core.Term, SentAt = group.Now,
        });
        group.Collect();

        Assert.True(Assert.Single(group.Sent).Reject);
        Assert.Equal(HibernationPhase.Awake, core.Hibernation);
    }

    [Fact]
    public void SleepingVoter_VotesAtOnce_BecauseTheLeaseWasReleased()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);
        leader.TryHibernate(group.Now, NoneDown);
        group.Settle();

        // Each replica was dropped from memory by the same process, which remembers the promise.
        for (var id = 1; id <= 3; id++)
        {
            group[id].Restart(group.Now, group[id].Core.PromisedUntil);
        }

        group[2].Core.Campaign(group.Now);
        group.Settle();
        Assert.Equal(RaftRole.Leader, group[2].Core.Role);
    }

    // The answer to the heartbeat before arrives when the leader has begun already: over a long line always.
    [Fact]
    public void Leader_GoesOn_WhenAnAnswerToSomethingEarlierArrives()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);
        group.Propose(1, "a");
        group.Advance(TestGroup.TickInterval);
        for (var i = 0; i < TestGroup.HeartbeatTicks; i++)
        {
            leader.Tick(group.Now);
        }

        group.Collect();
        group.DeliverSent();
        group.Collect();
        var late = group.Take(RaftMessageType.HeartbeatResponse);
        Assert.Equal(2, late.Count);

        Assert.True(leader.TryHibernate(group.Now, NoneDown));
        late.ForEach(group.Deliver);
        Assert.Equal(HibernationPhase.Draining, leader.Hibernation);
        group.Settle();
        Assert.Equal(HibernationPhase.Asleep, leader.Hibernation);
        late.ForEach(group.Deliver);
        Assert.Equal(HibernationPhase.Asleep, leader.Hibernation);
    }

    [Fact]
    public void AnyMessage_WakesASleeper()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);
        leader.TryHibernate(group.Now, NoneDown);
        group.Settle();
        group[3].Core.ReadIndex(group.Now, 5);
        group.Settle();
        group.Tick(3, 1);
        group.Settle();

        Assert.Equal(HibernationPhase.Awake, leader.Hibernation);
        Assert.Equal(HibernationPhase.Awake, group[2].Core.Hibernation);
        Assert.Single(group[3].Reads);
    }

    // A new incarnation is not in the configuration that its empty log begins with. A voter that hears no leader is needed for the next election.
    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Replica_Dozes_WhenNoLeaderTalksToIt_IfItHasNoVote(ulong id, bool dozes)
    {
        var now = new MonotonicTime(TimeSpan.FromSeconds(100).Ticks);
        var options = new RaftOptions { Id = new ReplicaId(id) };
        var config = GroupConfig.Create([new ReplicaId(1), new ReplicaId(2), new ReplicaId(3)]);
        var core = new RaftCore(options, new RaftStartState { Config = config }, new NoSnapshots(), new SplitMix64(1), now);
        for (var i = 1; i < options.ElectionTimeoutTicks; i++)
        {
            core.Tick(now);
            Assert.False(core.TryDoze(now));
        }

        core.Tick(now);
        Assert.Equal(dozes, core.TryDoze(now));
        Assert.Equal(dozes ? HibernationPhase.Asleep : HibernationPhase.Awake, core.Hibernation);

        core.Step(now, new RaftMessage { Type = RaftMessageType.Heartbeat, From = new ReplicaId(1), To = options.Id, Term = new Term(1) });
        Assert.Equal(HibernationPhase.Awake, core.Hibernation);
        Assert.False(core.TryDoze(now));
    }
}
