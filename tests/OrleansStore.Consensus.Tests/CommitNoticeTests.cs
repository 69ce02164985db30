using System.Text;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;

namespace OrleansStore.Consensus.Tests;

/// <summary>How followers learn of a commit, where no message of its own tells them.</summary>
public sealed class CommitNoticeTests
{
    private readonly TestGroup _group = new(3, options => new RaftOptions { Id = options.Id, Priority = options.Priority, AsyncStorageWrites = false });

    public CommitNoticeTests()
    {
        _group.Elect(1);
        _group.Tick(1);
        Assert.All(Followers, follower => Assert.Equal(Leader.CommitIndex, follower.CommitIndex));
    }

    private RaftCore Leader => _group[1].Core;

    private RaftCore[] Followers => [_group[2].Core, _group[3].Core];

    [Fact]
    public void Commit_IsToldAtTheNextTick_WhenNothingElseIsSent()
    {
        var before = Leader.CommitIndex;
        Propose("a");
        _group.Collect();
        Assert.Equal(2, _group.Take(RaftMessageType.Append).Count(Delivered));
        _group.Settle();
        Assert.Equal(before.Next, Leader.CommitIndex);
        Assert.All(Followers, follower => Assert.Equal(before, follower.CommitIndex));
        Assert.Equal(1, Leader.TicksUntilDue);

        _group.Tick(1, 1);
        Assert.All(Followers, follower => Assert.Equal(before.Next, follower.CommitIndex));
        Assert.True(Leader.TicksUntilDue > 1);
        Assert.Empty(SentAtNextTick());
    }

    [Fact]
    public void Commit_GoesWithTheNextAppend()
    {
        var before = Leader.CommitIndex;
        Propose("a");
        _group.Settle();
        Propose("b");
        _group.Collect();
        Assert.All(_group.Sent, message => Assert.Equal((RaftMessageType.Append, before.Next, 1), (message.Type, message.Commit, message.Entries.Length)));
        Assert.Equal(2, _group.Sent.Count);
    }

    [Fact]
    public void Commit_WaitsForTheAppendThatFollows_WhileAProposalIsUnderWay()
    {
        Propose("a");
        _group.Settle();
        Propose("b");
        _group.Collect();
        _group.Sent.Clear();
        Assert.Empty(SentAtNextTick());
    }

    [Fact]
    public void Commit_IsToldAtOnce_WhenAFollowerReads()
    {
        Propose("a");
        _group.Settle();
        _group[2].Core.ReadIndex(_group.Now, 7);
        _group.Settle();
        Assert.Equal(Leader.CommitIndex, _group[2].Core.CommitIndex);
        Assert.Equal(Leader.CommitIndex.Previous, _group[3].Core.CommitIndex);
    }

    [Fact]
    public void Commit_IsToldAtOnce_WhenMembersChange()
    {
        Leader.ProposeConfigChange(_group.Now, new ConfigChange(ConfigTransition.Auto, [new MemberChange(ConfigChangeType.Update, new ReplicaId(2))]));
        _group.Settle();
        Assert.All(Followers, follower => Assert.Equal(Leader.CommitIndex, follower.CommitIndex));
    }

    [Fact]
    public void Commit_IsToldByTheHandshake_WhenTheGroupFallsAsleep()
    {
        Propose("a");
        _group.Settle();
        Assert.True(Leader.TryHibernate(_group.Now, []));
        _group.Tick(1, 1);
        Assert.All(Followers, follower => Assert.Equal((Leader.CommitIndex, HibernationPhase.Asleep), (follower.CommitIndex, follower.Hibernation)));
        Assert.Equal(HibernationPhase.Asleep, Leader.Hibernation);
    }

    [Fact]
    public void Commit_IsTold_WhenTheFollowerThatLaggedHasCaughtUp()
    {
        _group[3].IsCut = true;
        Propose("a");
        _group.Settle();
        _group.Tick(1, 1);
        Assert.Equal(Leader.CommitIndex, _group[2].Core.CommitIndex);
        Assert.NotEqual(Leader.CommitIndex, _group[3].Core.CommitIndex);

        _group[3].IsCut = false;
        _group.Tick(TestGroup.HeartbeatTicks + 1, 1);
        Assert.Equal(Leader.CommitIndex, _group[3].Core.CommitIndex);
    }

    private void Propose(string data) => Assert.Equal(ProposeStatus.Appended, Leader.Propose(_group.Now, Encoding.UTF8.GetBytes(data)).Status);

    private bool Delivered(RaftMessage message)
    {
        _group.Deliver(message);
        return true;
    }

    private List<RaftMessage> SentAtNextTick()
    {
        _group.Advance(TestGroup.TickInterval);
        Leader.Tick(_group.Now);
        _group.Collect();
        return [.. _group.Sent];
    }
}
