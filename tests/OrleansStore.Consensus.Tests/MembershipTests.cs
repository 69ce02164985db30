using OrleansStore.Consensus.Membership;

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
}
