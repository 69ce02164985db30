using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;

namespace OrleansStore.Consensus.Tests;

/// <summary>Membership changes that meet a change of leadership.</summary>
public class MembershipTests
{
    private static readonly ConfigChange WithoutThird = new(ConfigTransition.JointImplicit, [new MemberChange(ConfigChangeType.Remove, new ReplicaId(3))]);

    [Fact]
    public void JointConfiguration_IsLeft_WhenItTookEffectDuringATransferThatFailed()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(2);
        group[1].Core.MayLead = false;
        Assert.Equal(ProposeStatus.Appended, leader.ProposeConfigChange(group.Now, WithoutThird).Status);
        leader.TransferLeadership(group.Now, new ReplicaId(1));

        group.Settle();
        Assert.True(leader.Config.IsJoint);
        Assert.Equal(new ReplicaId(1), leader.TransferTarget);

        group.Tick(30);
        Assert.Equal(RaftRole.Leader, leader.Role);
        Assert.False(leader.Config.IsJoint, $"still {leader.Config}");
        Assert.False(leader.Config.IsVoter(new ReplicaId(3)));
    }

    [Fact]
    public void JointConfiguration_IsLeftOnce_HoweverManyTicksPassBeforeTheEntryIsCommitted()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(2);
        Assert.Equal(ProposeStatus.Appended, leader.ProposeConfigChange(group.Now, WithoutThird).Status);
        while (!leader.Config.IsJoint)
        {
            Assert.True(group.Collect());
            group.DeliverSent();
        }

        (group[1].IsCut, group[3].IsCut) = (true, true);
        var last = leader.LastEntry;
        for (var ticks = 0; ticks < TestGroup.HeartbeatTicks; ticks++)
        {
            leader.Tick(group.Now);
        }

        Assert.Equal(last, leader.LastEntry);
    }

    [Fact]
    public void Leader_OffersNoLeadership_WhileAConfigurationChangeIsNotApplied()
    {
        var group = new TestGroup(3);
        var leader = group.Elect(2);
        leader.PreferredLeader = new ReplicaId(1);
        Assert.Equal(ProposeStatus.Appended, leader.ProposeConfigChange(group.Now, WithoutThird).Status);

        for (var ticks = 0; ticks < TestGroup.HeartbeatTicks; ticks++)
        {
            leader.Tick(group.Now);
        }

        Assert.Equal(ReplicaId.None, leader.TransferTarget);
        group.Settle();
        group.Tick(TestGroup.HeartbeatTicks);
        Assert.Equal(RaftRole.Leader, group[1].Core.Role);
    }

    // Seed 301716 of the simulation: the leader that had committed the new members died before all had heard of it.
    [Fact]
    public void Members_ElectALeader_WhenTheOneWithTheLongestLogDoesNotKnowThatTheyAreTheMembers()
    {
        var group = new TestGroup(4);
        var leader = group.Elect(2);
        group[4].IsCut = true;
        var change = new ConfigChange(ConfigTransition.JointImplicit, [new MemberChange(ConfigChangeType.Remove, new ReplicaId(4))]);
        Assert.Equal(ProposeStatus.Appended, leader.ProposeConfigChange(group.Now, change).Status);
        while (!leader.Config.IsJoint)
        {
            Assert.True(group.Collect());
            group.DeliverSent();
        }

        // The entry that leaves the joint configuration has reached both followers; one more reaches the first of them, sent before it is known that the other is committed.
        Assert.Equal(ProposeStatus.Appended, leader.Propose(group.Now, "x"u8.ToArray()).Status);
        Assert.True(group.Collect());
        group.Deliver(group.Take(RaftMessageType.Append).Single(append => append.To == new ReplicaId(1) && !append.Entries.IsEmpty));
        group.DeliverSent();
        group.Collect();
        group.Sent.Clear();
        for (var ticks = 0; ticks < TestGroup.HeartbeatTicks; ticks++)
        {
            leader.Tick(group.Now);
        }

        group.Collect();
        group.Deliver(group.Take(RaftMessageType.Heartbeat).Single(heartbeat => heartbeat.To == new ReplicaId(3)));
        group[2].IsCut = true;
        group.Settle();
        Assert.True(group[1].Core.Config.IsJoint && group[1].Core.LastEntry.Index > group[3].Core.LastEntry.Index);
        Assert.False(group[3].Core.Config.IsJoint);

        group.Tick(120, 1, 3);
        Assert.Contains(RaftRole.Leader, new[] { group[1].Core.Role, group[3].Core.Role });
        Assert.False(group[1].Core.Config.IsJoint);
    }
}
