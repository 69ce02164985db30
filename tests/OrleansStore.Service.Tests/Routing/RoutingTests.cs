using OrleansStore.Service.Routing;
using static OrleansStore.Service.Tests.Routing.RouterFixture;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>Where copies go: hints, ring order, relays.</summary>
[Trait("Category", "Unit")]
public sealed class RoutingTests
{
    [Fact]
    public void Write_GoesToThePrimary_WhenNoLeaderIsKnown()
    {
        using var fixture = new RouterFixture();

        Assert.Equal(WriteStatus.Applied, fixture.WriteStatusOf(fixture.KeyWith(3, 1, 2)));

        Assert.Equal("3", fixture.Route());
    }

    [Fact]
    public void Write_FollowsTheHintAtOnce_WhenTheReplicaDoesNotLead()
    {
        using var fixture = new RouterFixture();
        var start = fixture.Time.Now;
        fixture.Client.Script(copy => copy.Answer("NotLeader", leader: 2), copy => copy.Answer("Applied"));

        Assert.Equal(WriteStatus.Applied, fixture.WriteStatusOf(fixture.KeyWith(3, 1, 2)));

        Assert.Equal("3 2", fixture.Route());
        Assert.Equal(start, fixture.Time.Now);
        Assert.Equal(fixture.Copies[0].Id, fixture.Copies[1].Id);
    }

    [Fact]
    public void Read_GoesToTheLeaderDirectly_WhenAWriteFoundIt()
    {
        using var fixture = new RouterFixture();
        var key = fixture.KeyWith(3, 1, 2);
        fixture.Client.Script(copy => copy.Answer("NotLeader", leader: 2), copy => copy.Answer("Applied"), copy => copy.Answer("NotFound"));
        fixture.Write(key);

        Assert.Equal(ReadStatus.NotFound, fixture.Read(key).Status);

        Assert.Equal("3 2 2", fixture.Route());
    }

    [Fact]
    public void Hint_IsOfOneBucket_WhenAnotherBucketIsAsked()
    {
        using var fixture = new RouterFixture();
        fixture.Client.Script(copy => copy.Answer("NotLeader", leader: 2), copy => copy.Answer("Applied"));
        fixture.Write(fixture.KeyWith(3, 1, 2));

        fixture.Write(fixture.KeyWith(3, 2, 1));

        Assert.Equal("3 2 3", fixture.Route());
    }

    [Theory]
    [InlineData("NotLeader")]
    [InlineData("Unavailable")]
    [InlineData("OutcomeUnknown")]
    [InlineData("NotSent")]
    [InlineData("Lost")]
    public void Hint_IsDropped_WhenItTurnsOutWrong(string end)
    {
        using var fixture = new RouterFixture();
        var key = fixture.KeyWith(3, 1, 2);
        fixture.Client.Script(
            copy => copy.Answer("NotLeader", leader: 2),
            copy => copy.Answer("Applied"),
            copy => end switch
            {
                "NotSent" => SentCopy.NotSent,
                "Lost" => SentCopy.Lost,
                _ => copy.Answer(end),
            },
            copy => copy.Answer("Applied"));
        fixture.Write(key);

        fixture.Write(key);

        Assert.Equal("3 2 2 3", fixture.Route());
    }

    [Fact]
    public void Hint_IsKept_WhenTheLeaderIsBusy()
    {
        using var fixture = new RouterFixture();
        var key = fixture.KeyWith(3, 1, 2);
        fixture.Client.Script(
            copy => copy.Answer("NotLeader", leader: 2), copy => copy.Answer("Applied"), copy => copy.Answer("Throttled"), copy => copy.Answer("Applied"));
        fixture.Write(key);

        fixture.Write(key);

        Assert.Equal("3 2 2 2", fixture.Route());
    }

    [Fact]
    public void Hint_IsIgnored_WhenItNamesADatacenterThatTheTopologyDoesNot()
    {
        using var fixture = new RouterFixture();
        fixture.Client.Script(copy => copy.Answer("NotLeader", leader: 9), copy => copy.Answer("Applied"));

        fixture.Write(fixture.KeyWith(3, 1, 2));

        Assert.Equal("3 1", fixture.Route());
    }

    [Fact]
    public void Write_AsksTheNextInRingOrder_WhenThePrimaryIsUnreachable()
    {
        using var fixture = new RouterFixture();
        fixture.Client.Unreachable.Add(3);

        fixture.Write(fixture.KeyWith(3, 2, 1));

        Assert.Equal("2", fixture.Route());
    }

    [Fact]
    public void Write_AsksEveryReplicaBeforeItPauses_WhenNoneLeads()
    {
        using var fixture = new RouterFixture();
        var start = fixture.Time.Now;
        fixture.Client.Script(
            copy => copy.Answer("NotLeader"), copy => copy.Answer("Unavailable"), _ => SentCopy.NotSent, copy => copy.Answer("NotLeader"), copy => copy.Answer("Applied"));

        Assert.Equal(WriteStatus.Applied, fixture.WriteStatusOf(fixture.KeyWith(3, 2, 1)));

        Assert.Equal("3 2 1 3 2", fixture.Route());
        Assert.Equal(start, fixture.Copies[3].At);
        Assert.InRange(fixture.Copies[4].At - start, fixture.Options.FirstRetryDelay / 2, fixture.Options.FirstRetryDelay);
    }

    [Fact]
    public void Pauses_DoubleUpToTheBound_WhenNobodyAnswersForLong()
    {
        using var fixture = new RouterFixture();
        fixture.Client.Script(copy => copy.Answer("NotLeader"));

        fixture.Write(fixture.KeyWith(1));

        var gaps = fixture.Copies.Zip(fixture.Copies.Skip(1), (left, right) => right.At - left.At).Where(gap => gap > TimeSpan.Zero).ToList();
        for (var i = 0; i < gaps.Count; i++)
        {
            var longest = fixture.Options.FirstRetryDelay * Math.Pow(2, i);
            longest = longest < fixture.Options.MaxRetryDelay ? longest : fixture.Options.MaxRetryDelay;
            Assert.InRange(gaps[i], longest / 2, longest);
        }

        Assert.InRange(gaps.Count, 10, 60);
    }

    [Fact]
    public void Redirects_ComeToAPause_WhenTwoReplicasPointAtEachOther()
    {
        using var fixture = new RouterFixture();
        fixture.Client.Respond = copy => Task.FromResult(copy.Answer("NotLeader", leader: copy.Target.Value == 3 ? 2 : 3));

        Assert.Equal(WriteStatus.Unavailable, fixture.WriteStatusOf(fixture.KeyWith(3, 2, 1)));

        Assert.InRange(fixture.Copies.Count, 20, 250);
    }

    [Fact]
    public void Write_IsRelayed_WhenOnlyAThirdDatacenterReachesTheLeader()
    {
        using var fixture = new RouterFixture(local: 2);
        var key = fixture.KeyWith(1, 3, 2);
        fixture.Client.Unreachable.Add(1);
        fixture.Client.Respond = copy => Task.FromResult(
            copy.Relay.Value == 3 && copy.Target.Value == 1 ? copy.Answer("Applied") : copy.Answer("NotLeader", leader: 1));

        Assert.Equal(WriteStatus.Applied, fixture.WriteStatusOf(key));
        Assert.Equal("3 3>1", fixture.Route());

        // From then on directly.
        fixture.Copies.Clear();
        fixture.Client.Script(copy => copy.Answer("NotFound"));
        fixture.Read(key);
        Assert.Equal("3>1", fixture.Route());
    }

    // The local replica lost its leader and waits for an election that the others, who still have one, do not want.
    [Theory]
    [InlineData(5.0)]
    [InlineData(0.3)]
    public void Write_IsRelayed_WhenTheLocalReplicaWaitsForAnElectionThatNeverComes(double seconds)
    {
        using var fixture = new RouterFixture(local: 2);
        fixture.Client.Unreachable.Add(1);
        fixture.Client.Respond = async copy =>
        {
            if (copy.Relay == DatacenterId.None && copy.Target.Value == 2)
            {
                await Task.Delay(copy.Request.Deadline - fixture.Time.Now, fixture.Time);
                return copy.Answer("Unavailable");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), fixture.Time);
            return copy.Relay.Value == 3 ? copy.Answer("Applied") : copy.Answer("NotLeader", leader: 1);
        };

        Assert.Equal(WriteStatus.Applied, fixture.WriteStatusOf(fixture.KeyWith(1, 2, 3), seconds));

        Assert.Equal("2 3 3>1", fixture.Route());
    }

    [Fact]
    public void Write_AsksTheOthers_WhenTheRelayCannotReachTheLeaderEither()
    {
        using var fixture = new RouterFixture(local: 2);
        fixture.Client.Unreachable.Add(1);
        fixture.Client.Script(copy => copy.Answer("NotLeader", leader: 1), _ => SentCopy.NotSent, copy => copy.Answer("Applied"));

        Assert.Equal(WriteStatus.Applied, fixture.WriteStatusOf(fixture.KeyWith(1, 3, 2)));

        Assert.Equal("3 3>1 2", fixture.Route());
    }

    [Fact]
    public void Write_TriesEveryRelay_WhenThereAreSeveral()
    {
        using var fixture = new RouterFixture(local: 5, datacenters: 5, replicas: 3);
        var key = fixture.KeyWith(1, 2, 3);
        fixture.Client.Unreachable.Add(1);
        fixture.Client.Respond = copy => Task.FromResult(
            copy.Relay.Value == 4 ? copy.Answer("Applied")
            : copy.Relay == DatacenterId.None ? copy.Answer("NotLeader", leader: 1) : SentCopy.NotSent);

        Assert.Equal(WriteStatus.Applied, fixture.WriteStatusOf(key));

        Assert.Contains("2>1", fixture.Route(), StringComparison.Ordinal);
        Assert.EndsWith("4>1", fixture.Route(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LooksAgain_WhenNobodyCanBeReachedAtFirst()
    {
        using var fixture = new RouterFixture(local: 4, datacenters: 4);
        fixture.Client.Unreachable.UnionWith([1, 2, 3]);
        var start = fixture.Time.Now;
        fixture.Time.Run(async () =>
        {
            var write = fixture.Router.WriteAsync(Put(fixture.KeyWith(1, 2, 3)), default, For(5), default).AsTask();
            await Task.Delay(TimeSpan.FromSeconds(1), fixture.Time);
            fixture.Client.Unreachable.Clear();
            Assert.Equal(WriteStatus.Applied, (await write).Result.Status);
        });

        Assert.InRange(fixture.Time.Now - start, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.25));
    }

    [Fact]
    public void Write_IsUnavailable_WhenNobodyCanBeReached()
    {
        using var fixture = new RouterFixture(local: 4, datacenters: 4);
        fixture.Client.Unreachable.UnionWith([1, 2, 3]);
        var start = fixture.Time.Now;

        var reply = fixture.Write(fixture.KeyWith(1, 2, 3));

        Assert.Equal(WriteStatus.Unavailable, reply.Result.Status);
        Assert.NotNull(reply.Result.RetryAfter);
        Assert.Empty(fixture.Copies);
        Assert.True(fixture.Time.Now - start < TimeSpan.FromSeconds(5));
    }

    // The believed leader's datacenter looks alive, but nothing answers: the next one to be asked is another, though the silent one is the primary.
    [Fact]
    public void Write_AsksAnotherReplica_WhenThePrimaryThatLedFallsSilent()
    {
        using var fixture = new RouterFixture();
        var key = fixture.KeyWith(3, 1, 2);
        fixture.Write(key);
        fixture.Copies.Clear();
        var start = fixture.Time.Now;
        fixture.Client.Respond = async copy =>
        {
            if (copy.Target.Value == 3)
            {
                await Task.Delay(copy.Request.Deadline - fixture.Time.Now, fixture.Time);
                return SentCopy.Lost;
            }

            return copy.Target.Value == 1 ? copy.Answer("NotLeader", leader: 2) : copy.Answer("Applied");
        };

        Assert.Equal(WriteStatus.Applied, fixture.WriteStatusOf(key));

        Assert.Equal("3 1 2", fixture.Route());
        Assert.Equal(fixture.Options.AttemptTimeout, fixture.Time.Now - start);
    }

    [Fact]
    public void EventualRead_AsksTheLocalReplicaFirst_ThenTheOthers()
    {
        using var fixture = new RouterFixture(local: 2);
        fixture.Client.Script(copy => copy.Answer("Unavailable"), copy => copy.Answer("Unavailable"), copy => copy.Answer("NotFound"));

        Assert.Equal(ReadStatus.NotFound, fixture.Read(fixture.KeyWith(1, 3, 2), ReadConsistency.Eventual).Status);

        Assert.Equal("2 1 3", fixture.Route());
    }

    [Fact]
    public void EventualRead_TeachesNothingAboutTheLeader_WhenItIsServed()
    {
        using var fixture = new RouterFixture(local: 2);
        var key = fixture.KeyWith(1, 3, 2);
        fixture.Client.Script(copy => copy.Answer("NotFound"));
        fixture.Read(key, ReadConsistency.Eventual);

        fixture.Read(key);

        Assert.Equal("2 1", fixture.Route());
    }

    [Fact]
    public void EventualRead_GoesByRingOrder_WhenThereIsNoLocalReplica()
    {
        using var fixture = new RouterFixture(local: 4, datacenters: 4);
        fixture.Client.Unreachable.Add(3);
        fixture.Client.Script(copy => copy.Answer("NotFound"));

        fixture.Read(fixture.KeyWith(3, 2, 1), ReadConsistency.Eventual);

        Assert.Equal("2", fixture.Route());
    }

    [Fact]
    public void Router_UsesTheNewTopology_WhenItsEpochIsHigher()
    {
        using var fixture = new RouterFixture();
        var key = fixture.KeyWith(1, 2, 3);
        var moved = fixture.Topology.Replace(fixture.Topology.ToDraft() with { PrimaryDatacenter = new DatacenterId(3) });
        fixture.Source.Change(moved);

        fixture.Write(key);

        Assert.Equal("3", fixture.Route());
        Assert.Equal(moved.Epoch, fixture.Router.GetStatus().Epoch);

        // Invariant 9: an older one that is announced late changes nothing.
        fixture.Source.Announce(fixture.Topology);
        Assert.Equal(moved.Epoch, fixture.Router.GetStatus().Epoch);
        fixture.Router.Dispose();
        Assert.Equal(0, fixture.Source.ObserverCount);
    }

    [Fact]
    public void Probe_IsGivenMoreTime_WhenItWasTooShort()
    {
        using var fixture = new RouterFixture();
        fixture.Client.Respond = async copy =>
        {
            await Task.Delay(copy.Request.Deadline - fixture.Time.Now, fixture.Time);
            return copy.Answer("OutcomeUnknown");
        };

        fixture.Write(fixture.KeyWith(1, 2, 3), seconds: 60);

        var times = fixture.Copies.Select(copy => copy.Request.Deadline - copy.At).ToList();
        Assert.Equal(fixture.Options.ProbeTimeout, times[0]);
        Assert.Equal(2 * fixture.Options.ProbeTimeout, times[1]);
        Assert.Equal(4 * fixture.Options.ProbeTimeout, times[2]);
    }

    [Fact]
    public void Options_NameAllMistakes_WhenTheyContradictThemselves()
    {
        Assert.Empty(new RouterOptions().Validate());
        var bad = new RouterOptions
        {
            MaxTimeout = TimeSpan.FromMinutes(10),
            ProbeTimeout = TimeSpan.FromSeconds(3),
            MaxRetryDelay = TimeSpan.FromMilliseconds(1),
            SessionWindow = 4096,
            MaxInFlight = 0,
            SessionInterval = TimeSpan.FromMilliseconds(100),
        };

        var mistakes = bad.Validate();

        Assert.Equal(7, mistakes.Count);
        var thrown = Assert.Throws<ArgumentException>(() => new RouterFixture(bad));
        Assert.All(mistakes, mistake => Assert.Contains(mistake, thrown.Message, StringComparison.Ordinal));
    }
}
