using OrleansStore.Service.Engine;
using OrleansStore.Service.Routing;
using OrleansStore.Service.Routing.Sessions;
using static OrleansStore.Service.Tests.Routing.RouterFixture;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>Sessions of the router with a bucket (invariant 4).</summary>
public sealed class SessionTests
{
    private static readonly MonotonicTime Start = new(TimeSpan.TicksPerDay);
    private static readonly WallTime Wall = new(1_000_000_000_000);
    private static readonly WriteResult Applied = new(WriteStatus.Applied, new Revision(1)) { DurableCopies = 2 };
    private static readonly WriteResult Unknown = new(WriteStatus.OutcomeUnknown, Revision.None);

    [Fact, Trait("Category", "Unit")]
    public void Writes_ShareASession_AndSayWhatIsAnswered()
    {
        using var fixture = new RouterFixture();
        var key = fixture.KeyWith(1);

        for (var i = 0; i < 3; i++)
        {
            fixture.Write(key);
        }

        Assert.Single(fixture.Copies.Select(copy => copy.Id.Session).Distinct());
        Assert.Equal(fixture.Time.Wall, fixture.Copies[0].Id.Session.Created);
        Assert.Equal([(1UL, 0UL), (2UL, 1UL), (3UL, 2UL)], fixture.Copies.Select(copy => (copy.Id.Sequence, copy.Identity.AnsweredUpTo)));
    }

    [Fact, Trait("Category", "Unit")]
    public void Buckets_HaveSessionsOfTheirOwn()
    {
        using var fixture = new RouterFixture();

        fixture.Write(fixture.KeyWith(1));
        fixture.Write(fixture.KeyWith(2));

        Assert.Equal(2, fixture.Copies.Select(copy => copy.Id.Session).Distinct().Count());
    }

    [Fact, Trait("Category", "Unit")]
    public void UnknownOutcome_IsNeverSaidToBeAnswered_AndLaterWritesUseAnotherSession()
    {
        using var fixture = new RouterFixture();
        var key = fixture.KeyWith(1);
        fixture.Write(key);
        fixture.Client.Script(_ => SentCopy.Lost);
        var unknown = fixture.Write(key, seconds: 1);
        fixture.Client.Script(copy => copy.Answer("Applied", copies: 2));

        var next = fixture.Write(key);

        Assert.Equal(WriteStatus.OutcomeUnknown, unknown.Result.Status);
        Assert.NotEqual(unknown.RequestId.Session, next.RequestId.Session);
        Assert.Equal(1UL, next.RequestId.Sequence);
    }

    [Fact, Trait("Category", "Unit")]
    public void CancelledWrite_CountsAsAnswered_BecauseNobodyKnowsItsId()
    {
        using var fixture = new RouterFixture();
        var key = fixture.KeyWith(1);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(0.1), fixture.Time);
        fixture.Client.Respond = fixture.Client.HangAsync;
        Assert.ThrowsAny<OperationCanceledException>(() => fixture.Write(key, token: cancellation.Token));
        fixture.Client.Script(copy => copy.Answer("Applied", copies: 2));

        fixture.Write(key);

        Assert.Equal(fixture.Copies[0].Id.Session, fixture.Copies[^1].Id.Session);
        Assert.Equal((2UL, 1UL), (fixture.Copies[^1].Id.Sequence, fixture.Copies[^1].Identity.AnsweredUpTo));
    }

    [Fact, Trait("Category", "Unit")]
    public void LaterCopies_SayWhatWasAnsweredMeanwhile()
    {
        using var fixture = new RouterFixture();
        var key = fixture.KeyWith(1);
        fixture.Client.Respond = async copy =>
        {
            if (copy.Id.Sequence == 2 && fixture.Copies.Count(each => each.Id == copy.Id) == 1)
            {
                await Task.Delay(TimeSpan.FromSeconds(0.5), fixture.Time);
                return SentCopy.Lost;
            }

            await Task.Delay(TimeSpan.FromSeconds(0.1), fixture.Time);
            return copy.Answer("Applied", copies: 2);
        };
        fixture.Time.Run(() => Task.WhenAll(
            fixture.Router.WriteAsync(Put(key), default, For(5), default).AsTask(), fixture.Router.WriteAsync(Put(key), default, For(5), default).AsTask()));

        Assert.Equal([(1UL, 0UL), (2UL, 0UL), (2UL, 1UL)], fixture.Copies.Select(copy => (copy.Id.Sequence, copy.Identity.AnsweredUpTo)));
    }

    [Fact, Trait("Category", "Unit")]
    public void Session_IsRenewed_WhenItWasIdleForHalfOfItsTime()
    {
        using var fixture = new RouterFixture();
        var key = fixture.KeyWith(1);
        var first = fixture.Write(key).RequestId.Session;
        fixture.Time.Advance(fixture.Options.SessionRenewal - TimeSpan.FromMilliseconds(1));
        Assert.Equal(first, fixture.Write(key).RequestId.Session);
        fixture.Time.Advance(fixture.Options.SessionRenewal - TimeSpan.FromMilliseconds(1));
        Assert.Equal(first, fixture.Write(key).RequestId.Session);

        fixture.Time.Advance(fixture.Options.SessionRenewal);

        var renewed = fixture.Write(key).RequestId.Session;
        Assert.NotEqual(first, renewed);
        Assert.Equal(fixture.Time.Wall, renewed.Created);
    }

    // Only what goes through the log keeps a session alive in the bucket.
    [Theory, Trait("Category", "Unit")]
    [InlineData("PreconditionFailed", 0, true)]
    [InlineData("PreconditionFailed", 2, false)]
    [InlineData("Unavailable", 0, true)]
    [InlineData("NotFound", 0, false)]
    [InlineData("Applied", 0, false)]
    public void Session_IsRenewed_WhenItsWritesDidNotReachTheLog(string status, int copies, bool isRenewed)
    {
        using var fixture = new RouterFixture();
        var key = fixture.KeyWith(1);
        fixture.Client.Script(copy => copy.Answer(status, copies: copies));
        for (var i = 0; i < 3; i++)
        {
            fixture.Write(key, seconds: 0.001);
            fixture.Time.Advance(fixture.Options.SessionRenewal * 0.4);
        }

        fixture.Write(key, seconds: 0.001);

        Assert.Equal(isRenewed, fixture.Copies[0].Id.Session != fixture.Copies[^1].Id.Session);
    }

    [Theory, Trait("Category", "Unit")]
    [InlineData("RequestExpired")]
    [InlineData("NeverApplied")]
    public void Write_IsTriedInANewSession_WhenItsIdIsSpent(string status)
    {
        using var fixture = new RouterFixture();
        var key = fixture.KeyWith(1);
        fixture.Client.Script(copy => copy.Answer(status), copy => copy.Answer("Applied", copies: 2));

        var reply = fixture.Write(key);

        Assert.Equal(WriteStatus.Applied, reply.Result.Status);
        Assert.Equal(2, fixture.Copies.Count);
        Assert.NotEqual(fixture.Copies[0].Id.Session, fixture.Copies[1].Id.Session);
        Assert.Equal(fixture.Copies[1].Id, reply.RequestId);
        Assert.Equal(fixture.Copies[1].Id.Session, fixture.Write(key).RequestId.Session);
    }

    [Fact, Trait("Category", "Unit")]
    public void Write_IsNotTriedUnderAnotherId_WhenACopyOfItsFirstMayBeUnderWay()
    {
        using var fixture = new RouterFixture();
        fixture.Client.Script(_ => SentCopy.Lost, copy => copy.Answer("RequestExpired"));

        var reply = fixture.Write(fixture.KeyWith(1));

        Assert.Equal(WriteStatus.OutcomeUnknown, reply.Result.Status);
        Assert.Single(fixture.Copies.Select(copy => copy.Id).Distinct());
    }

    [Fact, Trait("Category", "Unit")]
    public void Renewals_AreBounded_WhenTheBucketAcceptsNoSession()
    {
        using var fixture = new RouterFixture();
        fixture.Client.Script(copy => copy.Answer("RequestExpired"));

        Assert.Equal(WriteStatus.Unavailable, fixture.WriteStatusOf(fixture.KeyWith(1)));

        Assert.Equal(fixture.Options.MaxSessionRenewals + 1, fixture.Copies.Count);
        Assert.Equal(fixture.Copies.Count, fixture.Copies.Select(copy => copy.Id.Session).Distinct().Count());
    }

    [Fact, Trait("Category", "Unit")]
    public void Write_IsThrottled_WhenNoSessionHasRoom()
    {
        using var fixture = new RouterFixture(new RouterOptions { SessionWindow = 2, MaxSessionsPerBucket = 2 });
        var key = fixture.KeyWith(1);
        fixture.Client.Respond = fixture.Client.HangAsync;
        fixture.Time.Run(async () =>
        {
            var four = Enumerable.Range(0, 4).Select(_ => fixture.Router.WriteAsync(Put(key), default, For(1), default).AsTask()).ToArray();
            var fifth = await fixture.Router.WriteAsync(Put(key), default, For(1), default);
            Assert.Equal(WriteStatus.Throttled, fifth.Result.Status);
            Assert.Equal(RequestId.None, fifth.RequestId);
            Assert.NotNull(fifth.Result.RetryAfter);

            // A caller's own id needs no session.
            var keyed = fixture.Router.WriteAsync(Put(key), KeyId("mine"), For(1), default).AsTask();
            Assert.All(await Task.WhenAll([.. four, keyed]), reply => Assert.Equal(WriteStatus.OutcomeUnknown, reply.Result.Status));
        });
    }

    [Fact, Trait("Category", "Unit")]
    public void Pool_OpensAnotherSession_WhenAWindowIsFull_AndComesBack()
    {
        var pool = Pool(new RouterOptions { SessionWindow = 3 });
        var tickets = Enumerable.Range(0, 4).Select(_ => pool.TryTake(Start, Wall)!).ToList();
        Assert.Single(tickets.Take(3).Select(ticket => ticket.Id.Session).Distinct());
        Assert.NotEqual(tickets[0].Id.Session, tickets[3].Id.Session);

        tickets[1].End(Applied, isSessionEnded: false);
        Assert.Equal(tickets[3].Id.Session, pool.TryTake(Start, Wall)!.Id.Session);
        tickets[0].End(Applied, isSessionEnded: false);

        var next = pool.TryTake(Start, Wall)!;
        Assert.Equal((tickets[0].Id.Session, 4UL, 2UL), (next.Id.Session, next.Id.Sequence, next.Identity.AnsweredUpTo));
    }

    [Fact, Trait("Category", "Unit")]
    public void Pool_BoundsTheRateOfNewSessions_AndThenKeepsUsingOnesThatHoldUnknownOutcomes()
    {
        var options = new RouterOptions { MaxSessionsPerBucket = 4, SessionWindow = 8 };
        var pool = Pool(options);
        var sessions = new HashSet<SessionId>();
        void EndOneUnknown(MonotonicTime at)
        {
            var ticket = pool.TryTake(at, Wall)!;
            sessions.Add(ticket.Id.Session);
            Assert.True(ticket.Identity.AnsweredUpTo == 0 || ticket.Id.Sequence > 1);
            ticket.End(Unknown, isSessionEnded: false);
        }

        for (var i = 0; i < 4; i++)
        {
            EndOneUnknown(Start);
        }

        Assert.Equal(4, sessions.Count);
        EndOneUnknown(Start);
        Assert.Equal(4, sessions.Count);

        // The unknown one stays unanswered in the session that is used on.
        var on = pool.TryTake(Start, Wall)!;
        Assert.Contains(on.Id.Session, sessions);
        Assert.Equal(0UL, on.Identity.AnsweredUpTo);

        EndOneUnknown(Start + options.SessionInterval);
        Assert.Equal(5, sessions.Count);

        var taken = 0;
        for (; pool.TryTake(Start + options.SessionInterval, Wall) is not null; taken++)
        {
            Assert.True(taken < 4 * 8);
        }

        Assert.True(taken > 8);
    }

    [Fact, Trait("Category", "Property")]
    public void AnsweredUpTo_CoversAnsweredNumbersOnly_AndAllThatItCan()
    {
        for (var seed = 1UL; seed <= 100; seed++)
        {
            var random = new SplitMix64(seed);
            var window = 1 + random.Next(200);
            var session = new SequenceWindow(window);
            var open = new List<ulong>();
            var answered = new HashSet<ulong>();
            var expected = 0UL;
            for (var step = 0; step < 2000; step++)
            {
                if (session.HasRoom && random.Next(2) == 0)
                {
                    open.Add(session.Take());
                }
                else if (open.Count > 0)
                {
                    var index = random.Next(open.Count);
                    session.Answer(open[index]);
                    answered.Add(open[index]);
                    open.RemoveAt(index);
                }

                while (answered.Contains(expected + 1))
                {
                    expected++;
                }

                Assert.True(expected == session.AnsweredUpTo, $"seed {seed}, step {step}: {expected} expected, {session.AnsweredUpTo} said");
                Assert.True(session.HasRoom == (session.Last - expected < (ulong)window), $"seed {seed}, step {step}");
            }
        }
    }

    [Fact, Trait("Category", "Unit")]
    public void Pool_GivesEachNumberOnce_WhenManyThreadsTake()
    {
        var pool = Pool(new RouterOptions());
        var ids = new System.Collections.Concurrent.ConcurrentBag<RequestId>();
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                var ticket = pool.TryTake(Start, Wall)!;
                Assert.True(ticket.Identity.AnsweredUpTo < ticket.Id.Sequence);
                ids.Add(ticket.Id);
                ticket.End(Applied, isSessionEnded: false);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        // A thread that is held up with a number may fill a window; each session's numbers are without gap or repetition.
        Assert.Equal(20_000, ids.Count);
        Assert.All(ids.GroupBy(id => id.Session), session =>
            Assert.Equal(Enumerable.Range(1, session.Count()), session.Select(id => (int)id.Sequence).Order()));
        var next = pool.TryTake(Start, Wall)!;
        Assert.Equal(next.Id.Sequence - 1, next.Identity.AnsweredUpTo);
    }

    private static SessionPool Pool(RouterOptions options) => new(options, new SplitMix64(3), new RouterMetrics("dc1", () => 0));
}
