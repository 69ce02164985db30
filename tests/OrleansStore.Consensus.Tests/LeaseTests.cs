using OrleansStore.Consensus.Messages;

namespace OrleansStore.Consensus.Tests;

/// <summary>Both ends of a lease (Raft thesis, section 6.4.1; invariant 6).</summary>
[Trait("Category", "Unit")]
public sealed class LeaseTests
{
    private static readonly TimeSpan Trusted = new RaftOptions { Id = new ReplicaId(1) }.TrustedLeaseDuration;

    [Fact]
    public void Leader_TrustsItsLease_UntilTheTrustedDurationHasPassedSinceTheSend()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);

        Assert.True(leader.HasLeaseForReads(group.Now));
        group.Advance(Trusted - TimeSpan.FromTicks(1));
        Assert.True(leader.HasLeaseForReads(group.Now));
        group.Advance(TimeSpan.FromTicks(1));
        Assert.False(leader.HasLeaseForReads(group.Now));
    }

    [Fact]
    public void Leader_CountsTheLeaseFromTheSend_WhenTheAnswersAreSlow()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);
        group.Advance(Trusted);
        for (var i = 0; i < TestGroup.HeartbeatTicks; i++)
        {
            leader.Tick(group.Now);
        }

        group.Collect();
        group.Advance(Trusted / 2);
        group.Settle();
        Assert.True(leader.HasLeaseForReads(group.Now));
        group.Advance(Trusted / 2);
        Assert.False(leader.HasLeaseForReads(group.Now));
    }

    [Fact]
    public void Leader_HasNoLease_WhenOnlyAMinorityConfirms()
    {
        var group = new TestGroup(5);
        var leader = group.Elect(1);
        group.Advance(Trusted);
        group[3].IsCut = group[4].IsCut = group[5].IsCut = true;
        group.Tick(3, 1);

        Assert.False(leader.HasLeaseForReads(group.Now));
    }

    [Fact]
    public void Leader_HasNoLease_BeforeAnEntryOfItsTermIsCommitted()
    {
        var group = new TestGroup(3);
        group.Elect(1);
        group.Advance(TimeSpan.FromSeconds(2));
        group[1].IsCut = true;
        group[2].Core.Campaign(group.Now);
        DeliverUntilLeader(group, 2);

        // It leads and its heartbeats are confirmed, but no append is.
        group.Take(RaftMessageType.Append);
        for (var i = 0; i < 3; i++)
        {
            group[2].Core.Tick(group.Now);
        }

        group.Collect();
        group.Take(RaftMessageType.Append);
        group.DeliverSent();
        group.Collect();
        group.Sent.RemoveAll(message => message.Type == RaftMessageType.AppendResponse);
        group.DeliverSent();

        Assert.False(group[2].Core.HasLeaseForReads(group.Now));
    }

    [Fact]
    public void Leader_HasNoLeaseForTheRestOfItsTerm_OnceItSentTimeoutNow()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(1);
        leader.TransferLeadership(group.Now, new ReplicaId(2));
        group.Collect();
        Assert.Single(group.Take(RaftMessageType.TimeoutNow));

        // The message is lost, the transfer is given up, everybody keeps confirming.
        group.Tick(60);
        Assert.Equal(RaftRole.Leader, leader.Role);
        Assert.Equal(ReplicaId.None, leader.TransferTarget);
        Assert.False(leader.HasLeaseForReads(group.Now));

        // Reads still work, by a round.
        leader.ReadIndex(group.Now, 7);
        group.Settle();
        Assert.Equal(7UL, Assert.Single(group[1].Reads).RequestId);
    }

    [Theory]
    [InlineData(RaftMessageType.Vote)]
    [InlineData(RaftMessageType.PreVote)]
    public void Voter_IgnoresCandidates_UntilItsPromiseHasRunOut(RaftMessageType type)
    {
        var group = new TestGroup(3);
        group.Elect(1);
        var request = new RaftMessage
        {
            Type = type, From = new ReplicaId(3), To = new ReplicaId(2), Term = group[2].Core.Term.Next, Index = group[2].Core.LastEntry.Index, LogTerm = group[2].Core.LastEntry.Term,
        };

        group.Advance(TimeSpan.FromMilliseconds(749));
        group.Deliver(request);
        Assert.False(group.Collect());
        Assert.Equal(new Term(1), group[2].Core.Term);

        group.Advance(TimeSpan.FromMilliseconds(1));
        group.Deliver(request);
        group.Collect();
        Assert.False(Assert.Single(group.Sent).Reject);
    }

    [Fact]
    public void Voter_DoesNotCampaign_WhileItIsBoundByItsOwnPromise()
    {
        var group = new TestGroup(3);
        group.Elect(1);
        group[2].Core.SuspectLeader(group.Now);
        group[2].Core.Campaign(group.Now);

        Assert.False(group.Collect());
        Assert.Equal(RaftRole.Follower, group[2].Core.Role);
    }

    [Fact]
    public void Voter_WaitsAFullLease_WhenItWasRestarted()
    {
        var group = new TestGroup(3);
        group.Elect(1);
        group[2].Restart(group.Now);
        var request = new RaftMessage
        {
            Type = RaftMessageType.Vote, From = new ReplicaId(3), To = new ReplicaId(2), Term = new Term(2), Index = new LogIndex(9), LogTerm = new Term(1),
        };

        group.Advance(TimeSpan.FromMilliseconds(749));
        group.Deliver(request);
        Assert.False(group.Collect());

        group.Advance(TimeSpan.FromMilliseconds(1));
        group.Deliver(request);
        group.Collect();
        Assert.Equal(RaftMessageType.VoteResponse, Assert.Single(group.Sent).Type);
    }

    [Fact]
    public void Voter_VotesAtOnce_WhenTheLeaderAskedForTheElection()
    {
        var group = new TestGroup(3);
        group.Elect(1);
        group[1].Core.TransferLeadership(group.Now, new ReplicaId(3));
        group.Settle();

        Assert.Equal(RaftRole.Leader, group[3].Core.Role);
        Assert.Equal(RaftRole.Follower, group[1].Core.Role);
    }

    [Fact]
    public void Options_AreRefused_WhenTheTimesContradictEachOther()
    {
        var options = new RaftOptions { Id = default, LeaseDuration = TimeSpan.FromSeconds(1), HeartbeatTicks = 19, MaxInflightBytes = 1, ElectionJitterTicks = 0 };

        // All mistakes at once, with the values.
        var mistakes = options.Validate();
        Assert.Equal(5, mistakes.Count);
        Assert.Contains(mistakes, mistake => mistake.Contains("00:00:01", StringComparison.Ordinal));
        Assert.Empty(new RaftOptions { Id = new ReplicaId(1) }.Validate());
    }

    private static void DeliverUntilLeader(TestGroup group, int id)
    {
        while (group[id].Core.Role != RaftRole.Leader && group.Collect())
        {
            group.DeliverSent();
        }

        group.Collect();
    }
}
