using OrleansStore.Datacenters.Links;
using OrleansStore.Embedded.Tests.Harness;
using OrleansStore.Service.Peers;
using static OrleansStore.Embedded.Tests.Harness.Identities;

namespace OrleansStore.Embedded.Tests.Links;

[Trait("Category", "Simulation")]
public sealed class LinkFaultTests
{
    [Fact]
    public void Links_ComeUp_WhenAllStart()
    {
        var links = new VirtualLinks(3);
        links.RunUntilAllUp(1);
        Assert.All(links.Nodes, node => Assert.Equal(2, node.Handler.Changes.Length));
    }

    // The two sides do not see their first heartbeats come back at the same time. A request that is sent the moment one side calls the link up must find the other able to answer.
    [Fact]
    public void Answer_IsTaken_WhenTheRequestCameBeforeTheOwnEcho()
    {
        var links = new VirtualLinks(2);
        links.World.RunUntil(() => links.State(1, 2) == LinkState.Up || links.State(2, 1) == LinkState.Up, TimeSpan.FromSeconds(5));
        var (first, second) = links.State(1, 2) == LinkState.Up ? (1, 2) : (2, 1);
        Assert.NotEqual(LinkState.Up, links.State(second, first));
        bool? isAnswered = null;
        links[second].Handler.Received = (from, linkClass, _) => isAnswered = links[second].Links.TrySend(from, linkClass, [2]);
        Assert.True(links[first].Links.TrySend(Dc(second), LinkClass.Control, [1]));
        links.World.RunUntil(() => links[first].Handler.Count == 1, TimeSpan.FromSeconds(1));
        Assert.True(isAnswered);
    }

    [Fact]
    public void Payloads_KeepTheirOrder_PerClass()
    {
        var links = new VirtualLinks(2);
        links.RunUntilAllUp();
        for (var i = 0; i < 1000; i++)
        {
            Assert.True(links[1].Links.TrySend(Dc(2), LinkClass.Control, BitConverter.GetBytes(i)));
            Assert.True(links[1].Links.TrySend(Dc(2), LinkClass.Bulk, [.. BitConverter.GetBytes(i), .. new byte[i]]));
        }

        links.World.RunUntil(() => links[2].Handler.Count == 2000, TimeSpan.FromSeconds(5));
        foreach (var linkClass in new[] { LinkClass.Control, LinkClass.Bulk })
        {
            var numbers = links[2].Handler.Payloads.Where(payload => payload.Class == linkClass).Select(payload => BitConverter.ToInt32(payload.Payload));
            Assert.Equal(Enumerable.Range(0, 1000), numbers);
        }

        Assert.Equal(0, links.Status(1, 2).QueuedBytes);
    }

    // Batches are cut while ticks pass: a heartbeat that overtakes what waits must do so between two frames.
    [Fact]
    public void Heartbeats_NeverCutAFrame_WhenControlIsBusy()
    {
        var links = new VirtualLinks(2, _ => new LinkOptions { MaxFlushBytes = 4096 });
        links.RunUntilAllUp();
        for (var i = 0; i < 4000; i++)
        {
            Assert.True(links[1].Links.TrySend(Dc(2), LinkClass.Control, [.. BitConverter.GetBytes(i), .. new byte[i]]));
        }

        links.World.RunUntil(() => links[2].Handler.Count == 4000 || links[1].Handler.Changes.Length > 1, TimeSpan.FromSeconds(30));
        Assert.Single(links[1].Handler.Changes);
        Assert.Equal(Enumerable.Range(0, 4000), links[2].Handler.Payloads.Select(payload => BitConverter.ToInt32(payload.Payload)));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void BothSides_GoDownWithinTheSilence_WhenALineIsDeadWithoutAReset(bool forth, bool back)
    {
        var links = new VirtualLinks(3);
        links.RunUntilAllUp();
        links.World.RunFor(TimeSpan.FromSeconds(1));
        if (forth)
        {
            links.Network.Cut(Dc(1), Dc(2));
        }

        if (back)
        {
            links.Network.Cut(Dc(2), Dc(1));
        }

        var limit = links.Options.SilenceTimeout + (2 * links.Options.HeartbeatInterval);
        links.World.RunUntil(() => links.State(1, 2) == LinkState.Down && links.State(2, 1) == LinkState.Down, limit);
        Assert.Contains("no heartbeat was answered", links.Status(1, 2).Reason + links.Status(2, 1).Reason, StringComparison.Ordinal);
        Assert.False(links[1].Links.TrySend(Dc(2), LinkClass.Control, [1]));
        Assert.All(new[] { (1, 3), (3, 1), (2, 3), (3, 2) }, pair => Assert.Equal(LinkState.Up, links.State(pair.Item1, pair.Item2)));

        links.World.RunFor(TimeSpan.FromSeconds(20));
        links.Network.Heal(Dc(1), Dc(2));
        links.Network.Heal(Dc(2), Dc(1));
        links.RunUntilAllUp(links.Options.HandshakeTimeout.TotalSeconds + links.Options.MaxReconnectDelay.TotalSeconds + 1);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(400)]
    [InlineData(1500)]
    public void Link_StaysUp_WhenAProcessStoodStillForLessThanThePeersSilence(int pauseMilliseconds)
    {
        // Only dc2 waits longer than the pause: dc1 must know by itself that it has not listened.
        var links = new VirtualLinks(2, number => number == 1 ? new LinkOptions() : new LinkOptions { SilenceTimeout = TimeSpan.FromSeconds(2) });
        links.RunUntilAllUp();
        for (var round = 0; round < 20; round++)
        {
            links.World.RunFor(TimeSpan.FromMilliseconds(1007));
            links[1].Process.Pause();
            links.World.RunFor(TimeSpan.FromMilliseconds(pauseMilliseconds));
            links[1].Process.Resume();
        }

        Assert.Single(links[1].Handler.Changes);
        Assert.Single(links[2].Handler.Changes);
    }

    [Fact]
    public void ResumedProcess_SendsOneHeartbeatAndComesBack_WhenItStoodStillForLong()
    {
        var links = new VirtualLinks(3);
        links.RunUntilAllUp();
        links.World.RunFor(TimeSpan.FromSeconds(1));
        links[1].Process.Pause();
        links.World.RunFor(TimeSpan.FromSeconds(30));
        Assert.Equal(LinkState.Down, links.State(2, 1));
        Assert.Equal(LinkState.Up, links.State(2, 3));

        links[1].Process.Resume();
        links.RunUntilAllUp();

        // Up, down, up: each side tells of one outage, however long it was.
        Assert.All(links.Nodes, node => Assert.True(node.Handler.Changes.Count(change => change.State == LinkState.Down) <= 2));
    }

    [Fact]
    public void OnlyTheOwnPause_IsForgiven_WhenThePeerIsSilentBefore()
    {
        var links = new VirtualLinks(2);
        links.RunUntilAllUp();
        links.World.RunFor(TimeSpan.FromSeconds(1));
        links.Network.Cut(Dc(2), Dc(1));
        links.World.RunFor(TimeSpan.FromMilliseconds(400));
        links[1].Process.Pause();
        links.World.RunFor(TimeSpan.FromSeconds(2));
        links[1].Process.Resume();
        links.World.RunUntil(() => links.State(1, 2) == LinkState.Down, TimeSpan.FromMilliseconds(900));
    }

    [Fact]
    public void Link_ComesBack_WhenThePeerProcessIsReplaced()
    {
        var links = new VirtualLinks(2);
        links.RunUntilAllUp();
        foreach (var node in links.Nodes)
        {
            links.Stop(node);
            links.World.RunFor(TimeSpan.FromSeconds(3));
            links.Start(node);
            links.RunUntilAllUp();
        }
    }

    [Fact]
    public void Link_GoesDown_WhenOnlyBulkMakesNoProgress()
    {
        var links = new VirtualLinks(2);
        links.RunUntilAllUp();
        links.Network.CutBulk(Dc(1), Dc(2));
        Assert.True(links[1].Links.TrySend(Dc(2), LinkClass.Bulk, new byte[100]));
        links.World.RunFor(links.Options.BulkStallTimeout - TimeSpan.FromSeconds(1));
        Assert.Equal(LinkState.Up, links.State(1, 2));
        links.World.RunUntil(() => links.State(1, 2) == LinkState.Down, TimeSpan.FromSeconds(2));
        Assert.Contains("bulk made no progress", links.Status(1, 2).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_IsTheSameEventForEvent_WhenRepeatedWithTheSameSeed()
    {
        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));

        static (ulong, long, string) Run(ulong seed)
        {
            var links = new VirtualLinks(3, seed: seed);
            links.RunUntilAllUp();
            links.Network.Cut(Dc(1), Dc(2));
            links.World.RunFor(TimeSpan.FromSeconds(7));
            links.Network.Heal(Dc(1), Dc(2));
            links[3].Process.Pause();
            links.World.RunFor(TimeSpan.FromSeconds(3));
            links[3].Process.Resume();
            links.World.RunFor(TimeSpan.FromSeconds(3));
            return (links.World.EventHash, links.Network.DeliveredBytes, string.Join(' ', links.Nodes.SelectMany(node => node.Logger.Lines.Select(line => line.Text))));
        }
    }

    [Fact]
    public void Skew_IsMeasured_AndOnlyTheWrongClockDoesNotLead()
    {
        var links = new VirtualLinks(3, skew: number => number == 3 ? TimeSpan.FromSeconds(2) : TimeSpan.Zero);
        links.RunUntilAllUp();
        links.World.RunFor(TimeSpan.FromSeconds(2));
        Assert.InRange(links.Status(1, 3).Skew!.Value.TotalMilliseconds, 1994, 2006);
        Assert.InRange(links.Status(3, 1).Skew!.Value.TotalMilliseconds, -2006, -1994);
        Assert.InRange(links.Status(1, 2).RoundTrip!.Value.TotalMilliseconds, 10, 12);
        Assert.Null(links[1].Links.OwnClock);
        Assert.Null(links[2].Links.OwnClock);
        Assert.Contains("dc3 is off by more than 500 ms: dc1 is -2000 ms away, dc2 is -2000 ms away", links[3].Links.OwnClock, StringComparison.Ordinal);

        // The loss of dc2 does not make dc1 doubt itself.
        links.Stop(links[2]);
        links.World.RunFor(TimeSpan.FromSeconds(2));
        Assert.Null(links[1].Links.OwnClock);
        Assert.NotNull(links[3].Links.OwnClock);
    }

    [Fact]
    public void Identity_IsToldOverTheStandingLink_WhenAStoreIsFormed()
    {
        var links = new VirtualLinks(2, identity: Empty);
        links.World.RunUntil(() => links.Nodes.All(node => node.Exchange.Heard.Count == 1), TimeSpan.FromSeconds(1));
        links.World.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal("dc2 holds no store yet", links.Status(1, 2).Reason);
        Assert.False(links[1].Links.TrySend(Dc(2), LinkClass.Control, [1]));

        foreach (var node in links.Nodes)
        {
            _ = node.Process.Start(() =>
            {
                node.Exchange.Change(Member(node.Number, 2));
                return Task.CompletedTask;
            });
        }

        links.RunUntilAllUp(0.1);
        Assert.Equal(Member(2, 2), links[1].Exchange.Heard[^1]);
        Assert.Empty(links[1].Exchange.Lost);
    }
}
