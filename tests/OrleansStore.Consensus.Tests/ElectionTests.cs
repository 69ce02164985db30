using OrleansStore.Consensus.Messages;

namespace OrleansStore.Consensus.Tests;

[Trait("Category", "Unit")]
public sealed class ElectionTests
{
    private static RaftMessage Response(RaftMessageType type, ulong from, ulong term, bool reject = false) =>
        new() { Type = type, From = new ReplicaId(from), To = new ReplicaId(1), Term = new Term(term), Reject = reject };

    // Raft section 5.2: a vote is given for one term. The vectors do not catch a core that counts it in another.
    [Fact]
    public void Candidate_DoesNotCountVotes_WhenTheyAreOfAnEarlierTerm()
    {
        var group = new TestGroup(3, options => new RaftOptions { Id = options.Id, AsyncStorageWrites = false, PreVote = false });
        group[1].Core.Campaign(group.Now);
        group.Collect();
        group[1].Core.Campaign(group.Now);
        group.Collect();
        Assert.Equal(new Term(2), group[1].Core.Term);

        group.Deliver(Response(RaftMessageType.VoteResponse, from: 2, term: 1));
        Assert.Equal(RaftRole.Candidate, group[1].Core.Role);

        group.Deliver(Response(RaftMessageType.VoteResponse, from: 2, term: 2));
        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
    }

    // Raft thesis, section 9.6: a pre-vote is asked for the next term, so one for another term was granted to another campaign.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void PreCandidate_DoesNotCountPreVotes_WhenTheyAreForAnotherTerm(ulong term)
    {
        var group = new TestGroup(3);
        group.Elect(2);
        group.Advance(TimeSpan.FromSeconds(2));
        group[2].IsCut = true;
        group[1].Core.Campaign(group.Now);
        group.Collect();
        group[1].Core.BecomeCandidate();
        group[1].Core.BecomePreCandidate();
        group.Collect();
        Assert.Equal((RaftRole.PreCandidate, new Term(2)), (group[1].Core.Role, group[1].Core.Term));
        group[1].Core.Campaign(group.Now);
        group.Collect();

        group.Deliver(Response(RaftMessageType.PreVoteResponse, from: 3, term: term));
        Assert.Equal(RaftRole.PreCandidate, group[1].Core.Role);

        group.Deliver(Response(RaftMessageType.PreVoteResponse, from: 3, term: 3));
        Assert.Equal(RaftRole.Candidate, group[1].Core.Role);
    }

    [Fact]
    public void Candidate_CountsAVoterOnce_WhenItsAnswersArriveTwice()
    {
        var group = new TestGroup(5, options => new RaftOptions { Id = options.Id, AsyncStorageWrites = false, PreVote = false });
        group[1].Core.Campaign(group.Now);
        group.Collect();
        group.Deliver(Response(RaftMessageType.VoteResponse, from: 2, term: 1));
        group.Deliver(Response(RaftMessageType.VoteResponse, from: 2, term: 1));

        Assert.Equal(RaftRole.Candidate, group[1].Core.Role);
    }

    [Fact]
    public void Candidate_DoesNotCountVotes_WhenTheyComeFromNoMember()
    {
        var group = new TestGroup(3, options => new RaftOptions { Id = options.Id, AsyncStorageWrites = false, PreVote = false });
        group[1].Core.Campaign(group.Now);
        group.Collect();

        Assert.Equal(StepStatus.UnknownPeer, group[1].Core.Step(group.Now, Response(RaftMessageType.VoteResponse, from: 9, term: 1)));
        Assert.Equal(RaftRole.Candidate, group[1].Core.Role);
    }

    // Invariant 1, Raft figure 2: the vote is durable before it counts, the own one too.
    [Fact]
    public void Candidate_DoesNotCountItsOwnVote_BeforeItIsDurable()
    {
        var group = new TestGroup(1, options => new RaftOptions { Id = options.Id, PreVote = false });
        var core = group[1].Core;
        core.Campaign(group.Now);
        var ready = new Ready();
        core.TakeReady(ready);

        Assert.Equal(RaftRole.Candidate, core.Role);
        Assert.True(ready.MustSync);
        core.AcknowledgeAppend(group.Now, ready);
        Assert.Equal(RaftRole.Leader, core.Role);
    }

    // Found by the nemesis: both survivors had been told that their links to the leader broke, and when their promises ended both were overdue.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Survivors_DoNotSplitTheElection_WhenBothSuspectTheLeaderWhileTheirPromisesRun(int leader)
    {
        var group = new TestGroup(3, options => new RaftOptions { Id = options.Id, AsyncStorageWrites = false, Priority = options.Priority });
        group.Elect(leader);
        group.Tick(TestGroup.HeartbeatTicks);
        group[leader].IsCut = true;
        var survivors = Enumerable.Range(1, 3).Where(id => id != leader).ToArray();
        foreach (var id in survivors)
        {
            group[id].Core.SuspectLeader(group.Now);
        }

        for (var ticks = 0; survivors.All(id => group[id].Core.Role != RaftRole.Leader); ticks++)
        {
            Assert.True(ticks < 40, "nobody was elected");
            group.Tick(1, survivors);
        }

        Assert.All(survivors, id => Assert.Equal(new Term(2), group[id].Core.Term));
    }

    // The first survivor lacks the leader's last entry and so cannot win. The other one does not wait for its place behind it.
    [Fact]
    public void Survivor_CampaignsAtOnce_WhenTheOneBeforeItLacksEntries()
    {
        var group = new TestGroup(3, options => new RaftOptions { Id = options.Id, AsyncStorageWrites = false, Priority = options.Priority });
        group.Elect(1);
        group[2].IsCut = true;
        group.Propose(1, "a");
        group[2].IsCut = false;
        group[1].IsCut = true;
        group[2].Core.SuspectLeader(group.Now);
        group[3].Core.SuspectLeader(group.Now);
        group[2].Core.Campaign(group.Now);

        // The promise takes 15 ticks, what was asked for in vain comes again after a heartbeat interval.
        group.Tick(15 + TestGroup.HeartbeatTicks + 3, 2, 3);
        Assert.Equal((RaftRole.Leader, new Term(2)), (group[3].Core.Role, group[3].Core.Term));
    }

    // Two of three replicas campaign at once while the third is down: nobody gets a majority. The one that was asked to does not wait for a whole election timeout.
    [Fact]
    public void SplitElection_IsHeldAgainSoon_ByTheReplicaThatWasAskedToCampaign()
    {
        var group = new TestGroup(3, options => new RaftOptions { Id = options.Id, AsyncStorageWrites = false, PreVote = false, Priority = options.Priority });
        group[3].IsCut = true;
        group[1].Core.Campaign(group.Now);
        group.Collect();
        var votes = group.Take(RaftMessageType.Vote);
        group[2].Core.Step(group.Now, new RaftMessage { Type = RaftMessageType.Vote, From = new ReplicaId(3), To = new ReplicaId(2), Term = new Term(1) });
        votes.ForEach(group.Deliver);
        group.Settle();
        Assert.Equal(RaftRole.Candidate, group[1].Core.Role);

        group.Tick(2 * TestGroup.HeartbeatTicks);
        Assert.Equal((RaftRole.Leader, new Term(2)), (group[1].Core.Role, group[1].Core.Term));
    }

    // Found by simulation: a candidate on a stalled disk was elected by the two others, lost its memory, and was elected again in the same term, with other entries.
    [Fact]
    public void Candidate_DoesNotLead_BeforeItsOwnVoteIsDurable_ThoughTheOthersAreAMajority()
    {
        var group = new TestGroup(3, options => new RaftOptions { Id = options.Id, PreVote = false });
        var core = group[1].Core;
        core.Campaign(group.Now);
        var vote = new Ready();
        core.TakeReady(vote);
        core.Step(group.Now, Response(RaftMessageType.VoteResponse, from: 2, term: 1));
        core.Step(group.Now, Response(RaftMessageType.VoteResponse, from: 3, term: 1));
        Assert.Equal(RaftRole.Candidate, core.Role);

        core.AcknowledgeAppend(group.Now, vote);
        Assert.Equal(RaftRole.Leader, core.Role);
    }

    // Invariant 1: a leader may send before its own fsync, and does not count it.
    [Fact]
    public void Leader_SendsBeforeItsOwnFsync_AndCommitsOnlyAfterAMajorityOfFsyncs()
    {
        var group = new TestGroup(3, options => new RaftOptions { Id = options.Id, PreVote = false });
        var core = group[1].Core;
        core.Campaign(group.Now);
        var vote = new Ready();
        core.TakeReady(vote);
        core.AcknowledgeAppend(group.Now, vote);
        core.Step(group.Now, Response(RaftMessageType.VoteResponse, from: 2, term: 1));
        var opening = new Ready();
        core.TakeReady(opening);
        Assert.Contains(opening.Messages, message => message.Type == RaftMessageType.Append && message.Entries.Length == 1);

        core.Step(group.Now, Response(RaftMessageType.AppendResponse, from: 2, term: 1) with { Index = new LogIndex(1) });
        Assert.Equal(LogIndex.None, core.CommitIndex);
        core.AcknowledgeAppend(group.Now, opening);
        Assert.Equal(new LogIndex(1), core.CommitIndex);
    }

    [Fact]
    public void Follower_AnswersAHeartbeatOfANewTerm_OnlyWhenTheTermIsDurable()
    {
        var group = new TestGroup(3, options => new RaftOptions { Id = options.Id });
        var core = group[1].Core;
        core.Step(group.Now, new RaftMessage { Type = RaftMessageType.Heartbeat, From = new ReplicaId(2), To = new ReplicaId(1), Term = new Term(5) });
        var first = new Ready();
        core.TakeReady(first);
        Assert.Empty(first.Messages);
        Assert.Equal(RaftMessageType.HeartbeatResponse, Assert.Single(first.MessagesAfterAppend).Type);

        core.AcknowledgeAppend(group.Now, first);
        core.Step(group.Now, new RaftMessage { Type = RaftMessageType.Heartbeat, From = new ReplicaId(2), To = new ReplicaId(1), Term = new Term(5) });
        var second = new Ready();
        core.TakeReady(second);
        Assert.Equal(RaftMessageType.HeartbeatResponse, Assert.Single(second.Messages).Type);
    }

    [Fact]
    public void ReplicasCampaignInOrderOfPriority_WhenTheLeaderFallsSilent()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var group = new TestGroup(3, options => new RaftOptions
            {
                Id = options.Id, AsyncStorageWrites = false, Priority = options.Priority, PriorityDelayTicks = 10, ElectionJitterTicks = 10,
            });
            group.Elect(3);
            group[3].IsCut = true;
            for (var ticks = 0; group[1].Core.Role != RaftRole.Leader && group[2].Core.Role != RaftRole.Leader; ticks++)
            {
                Assert.True(ticks < 100, "nobody campaigned");
                group.Tick(1, 1, 2);
            }

            Assert.Equal(RaftRole.Leader, group[1].Core.Role);
        }
    }

    [Fact]
    public void Leader_HandsOverToThePreferredReplica_WhenThatHasTheWholeLog()
    {
        var group = new TestGroup(3);
        group.Elect(2);
        group[2].Core.PreferredLeader = new ReplicaId(1);
        group[1].IsCut = true;
        group.Propose(2, "while it is away");
        group.Tick(10);
        Assert.Equal(RaftRole.Leader, group[2].Core.Role);

        group[1].IsCut = false;
        group.Tick(40);
        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
        Assert.Contains("while it is away", group[1].Applied);
    }

    [Fact]
    public void Replica_NeitherCampaignsNorTakesOver_WhenItMayNotLead()
    {
        var group = new TestGroup(3);
        group[1].Core.MayLead = false;
        group[1].Core.Campaign(group.Now);
        Assert.False(group.Collect());

        group.Elect(2);
        group[2].Core.TransferLeadership(group.Now, new ReplicaId(1));
        group.Tick(40);
        Assert.Equal(RaftRole.Follower, group[1].Core.Role);
        Assert.Equal(RaftRole.Leader, group[2].Core.Role);
    }

    [Fact]
    public void Follower_LeadsAsSoonAsPromisesEnd_WhenAskedToCampaign()
    {
        // The other voter heard the dead leader later than the one that campaigns, so its promise ends later, and until then it does not answer.
        var group = new TestGroup(3);
        var heartbeat = new RaftMessage { Type = RaftMessageType.Heartbeat, From = new ReplicaId(3), Term = group.Elect(3).Term };
        group.Deliver(heartbeat with { To = new ReplicaId(1) });
        group.Advance(TimeSpan.FromMilliseconds(100));
        group.Deliver(heartbeat with { To = new ReplicaId(2) });
        group[3].IsCut = true;
        group[1].Core.Campaign(group.Now);
        var ticks = 0;
        for (; group[1].Core.Role != RaftRole.Leader; ticks++)
        {
            Assert.True(ticks < 100, "nobody leads");
            group.Tick(1, 1, 2);
        }

        // 750 ms after the last heartbeat, and at most one heartbeat interval until it is asked again; an election timeout would be at least 20 ticks more.
        Assert.InRange(ticks, 15, 15 + TestGroup.HeartbeatTicks + 1);
    }

    [Fact]
    public void Follower_GivesUpAskingAgain_WhenNobodyAnswers()
    {
        var group = new TestGroup(3);
        group.Elect(3);
        group[2].IsCut = group[3].IsCut = true;
        group.Advance(TimeSpan.FromSeconds(1));
        group[1].Core.Campaign(group.Now);
        var asked = 0;
        for (var tick = 0; tick < 200; tick++)
        {
            group.Advance(TestGroup.TickInterval);
            group[1].Core.Tick(group.Now);
            group.Collect();
            asked += group.Take(RaftMessageType.PreVote).Count(message => message.To == new ReplicaId(2));
        }

        // One campaign per heartbeat interval during one election timeout, then one per election timeout.
        Assert.InRange(asked, 20 / TestGroup.HeartbeatTicks, (20 / TestGroup.HeartbeatTicks) + (200 / 20) + 1);
    }

    [Fact]
    public void Ticks_PassedOver_EndWhereDeliveredOnesDo()
    {
        // A driver that passes over a replica while it has time sees it act at the same tick, in every role, as one that delivers them all.
        var (dense, sparse) = (new TestGroup(3), new TestGroup(3));
        foreach (var group in new[] { dense, sparse })
        {
            group.Elect(3);
            group[3].IsCut = true;
        }

        int[] passed = [0, 0, 0];
        for (var tick = 1; tick <= 120; tick++)
        {
            dense.Tick(1, 1, 2);
            sparse.Advance(TestGroup.TickInterval);
            for (var id = 1; id <= 2; id++)
            {
                if (++passed[id] >= sparse[id].Core.TicksUntilDue)
                {
                    sparse[id].Core.PassTicks(passed[id] - 1);
                    sparse[id].Core.Tick(sparse.Now);
                    passed[id] = 0;
                }
            }

            sparse.Settle();
            for (var id = 1; id <= 2; id++)
            {
                Assert.True(dense[id].Core.Role == sparse[id].Core.Role, $"tick {tick}, replica {id}: {dense[id].Core.Role}, {sparse[id].Core.Role}");
            }
        }

        Assert.Contains(RaftRole.Leader, new[] { dense[1].Core.Role, dense[2].Core.Role });
    }

    [Fact]
    public void Follower_CampaignsEarlier_WhenItsLinkToTheLeaderBroke()
    {
        static int TicksToLead(bool suspect)
        {
            var group = new TestGroup(3);
            group.Elect(3);
            group[3].IsCut = true;
            var ticks = 0;
            for (; group[1].Core.Role != RaftRole.Leader; ticks++)
            {
                Assert.True(ticks < 100, "nobody campaigned");
                if (suspect)
                {
                    group[1].Core.SuspectLeader(group.Now);
                }

                group.Tick(1, 1, 2);
            }

            return ticks;
        }

        // Not before the promise of 750 ms has run out: 15 ticks, and then the jitter. Otherwise after at least 20.
        Assert.InRange(TicksToLead(suspect: true), 15, 26);
        Assert.InRange(TicksToLead(suspect: false), 20, 31);
        Assert.True(TicksToLead(suspect: true) < TicksToLead(suspect: false));
    }
}
