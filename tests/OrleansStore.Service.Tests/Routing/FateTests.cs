using OrleansStore.Buckets.Replicas;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Routing;
using static OrleansStore.Service.Tests.Routing.RouterFixture;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>What becomes of a request, by how its copies end (invariant 5).</summary>
[Trait("Category", "Unit")]
public sealed class FateTests
{
    // How copies end, in order; the last end repeats. "Lost" and "NotSent" are ends of the call, "Rejected" is a PreconditionFailed that went through the log, the rest are
    // statuses of the answer.
    [Theory]
    [InlineData("Applied", WriteStatus.Applied)]
    [InlineData("NotFound", WriteStatus.NotFound)]
    [InlineData("PreconditionFailed", WriteStatus.PreconditionFailed)]
    [InlineData("IdempotencyMismatch", WriteStatus.IdempotencyMismatch)]
    [InlineData("DiskFull", WriteStatus.DiskFull)]
    [InlineData("NotSent", WriteStatus.Unavailable)]
    [InlineData("NotLeader", WriteStatus.Unavailable)]
    [InlineData("Unavailable", WriteStatus.Unavailable)]
    [InlineData("Throttled", WriteStatus.Throttled)]
    [InlineData("RequestExpired", WriteStatus.Unavailable)]
    [InlineData("NeverApplied", WriteStatus.Unavailable)]
    [InlineData("Throttled Throttled NotLeader", WriteStatus.Unavailable)]
    [InlineData("NotLeader Unavailable NotSent Throttled", WriteStatus.Throttled)]
    [InlineData("Lost", WriteStatus.OutcomeUnknown)]
    [InlineData("OutcomeUnknown", WriteStatus.OutcomeUnknown)]
    [InlineData("NoReply", WriteStatus.OutcomeUnknown)]

    // A copy may be under way: no refusal of another copy makes up for that.
    [InlineData("Lost NotLeader", WriteStatus.OutcomeUnknown)]
    [InlineData("Lost NotSent", WriteStatus.OutcomeUnknown)]
    [InlineData("Lost Unavailable", WriteStatus.OutcomeUnknown)]
    [InlineData("Lost Throttled", WriteStatus.OutcomeUnknown)]
    [InlineData("Lost DiskFull", WriteStatus.OutcomeUnknown)]
    [InlineData("Lost RequestExpired", WriteStatus.OutcomeUnknown)]
    [InlineData("NotLeader Lost NotSent Throttled Unavailable", WriteStatus.OutcomeUnknown)]
    [InlineData("OutcomeUnknown NotLeader", WriteStatus.OutcomeUnknown)]
    [InlineData("OutcomeUnknown Throttled", WriteStatus.OutcomeUnknown)]
    [InlineData("OutcomeUnknown RequestExpired", WriteStatus.OutcomeUnknown)]
    [InlineData("NoReply DiskFull", WriteStatus.OutcomeUnknown)]

    // What the state machine remembers for the id does.
    [InlineData("Lost Applied", WriteStatus.Applied)]
    [InlineData("Lost NotLeader Applied", WriteStatus.Applied)]
    [InlineData("OutcomeUnknown NotFound", WriteStatus.NotFound)]
    [InlineData("Lost Rejected", WriteStatus.PreconditionFailed)]
    [InlineData("Lost Throttled DiskFull Applied", WriteStatus.Applied)]
    [InlineData("Lost IdempotencyMismatch", WriteStatus.IdempotencyMismatch)]
    [InlineData("Lost NeverApplied Applied", WriteStatus.Applied)]
    [InlineData("Throttled NotLeader Unavailable NotSent Applied", WriteStatus.Applied)]
    public void Write_HasTheRightStatus_WhateverItsCopiesEndWith(string ends, WriteStatus expected)
    {
        using var fixture = new RouterFixture();
        Script(fixture, ends);

        Assert.Equal(expected, fixture.WriteStatusOf(fixture.KeyWith(1)));
    }

    // A caller's own id is never exchanged for another, and what is said of it is the caller's business.
    [Theory]
    [InlineData("NeverApplied", WriteStatus.NeverApplied)]
    [InlineData("RequestExpired", WriteStatus.RequestExpired)]
    [InlineData("Lost RequestExpired", WriteStatus.OutcomeUnknown)]
    [InlineData("Lost NeverApplied", WriteStatus.NeverApplied)]
    [InlineData("Lost IdempotencyMismatch", WriteStatus.IdempotencyMismatch)]
    [InlineData("Lost PreconditionFailed", WriteStatus.PreconditionFailed)]
    [InlineData("Lost NotLeader", WriteStatus.OutcomeUnknown)]
    [InlineData("Throttled", WriteStatus.Throttled)]
    [InlineData("NotLeader", WriteStatus.Unavailable)]
    public void KeyedWrite_HasTheRightStatus_WhateverItsCopiesEndWith(string ends, WriteStatus expected)
    {
        using var fixture = new RouterFixture();
        Script(fixture, ends);

        var reply = fixture.Write(fixture.KeyWith(1), callersId: KeyId("mine"));

        Assert.Equal(expected, reply.Result.Status);
        Assert.Equal(RequestId.ForKey("mine"), reply.RequestId);
        Assert.All(fixture.Copies, copy => Assert.Equal(reply.RequestId, copy.Id));
    }

    // The caller may send copies over other datacenters, so no rejection may be forgotten, and the router asks for nothing in its place.
    [Theory]
    [InlineData("PreconditionFailed", WriteStatus.PreconditionFailed)]
    [InlineData("Lost PreconditionFailed", WriteStatus.PreconditionFailed)]
    [InlineData("RequestExpired", WriteStatus.RequestExpired)]
    [InlineData("Lost RequestExpired", WriteStatus.OutcomeUnknown)]
    [InlineData("NeverApplied", WriteStatus.NeverApplied)]
    public void WriteOfACallersSession_KeepsItsId_AndHasItsRejectionRemembered(string ends, WriteStatus expected)
    {
        using var fixture = new RouterFixture();
        Script(fixture, ends);
        var identity = new RequestIdentity(RequestId.ForSession(SessionId.Create(new WallTime(1_000), 1, 2), 9), 7);

        var reply = fixture.Write(fixture.KeyWith(1), callersId: identity);

        Assert.Equal((expected, identity.Id), (reply.Result.Status, reply.RequestId));
        Assert.All(fixture.Copies, copy => Assert.Equal((identity, true), (((WriteRequest)copy.Request).Identity, ((WriteRequest)copy.Request).RemembersRejection)));
    }

    [Theory]
    [InlineData("Found", ReadStatus.Found)]
    [InlineData("Lost NotFound", ReadStatus.NotFound)]
    [InlineData("NotLeader NotSent Unavailable Throttled Lost Found", ReadStatus.Found)]
    [InlineData("Lost", ReadStatus.Unavailable)]
    [InlineData("Lost NotLeader", ReadStatus.Unavailable)]
    [InlineData("NotSent", ReadStatus.Unavailable)]
    [InlineData("Throttled", ReadStatus.Throttled)]
    [InlineData("NoReply", ReadStatus.Unavailable)]
    public void Read_HasTheRightStatus_WhateverItsCopiesEndWith(string ends, ReadStatus expected)
    {
        using var fixture = new RouterFixture();
        Script(fixture, ends);

        Assert.Equal(expected, fixture.Read(fixture.KeyWith(1)).Status);
    }

    [Theory]
    [InlineData("Applied", OutcomeStatus.Applied)]
    [InlineData("Rejected", OutcomeStatus.Rejected)]
    [InlineData("Lost NeverApplied", OutcomeStatus.NeverApplied)]
    [InlineData("NotLeader Throttled Expired", OutcomeStatus.Expired)]
    [InlineData("Unknown Applied", OutcomeStatus.Applied)]
    [InlineData("Lost NotLeader", OutcomeStatus.Unknown)]
    [InlineData("Unknown", OutcomeStatus.Unknown)]
    [InlineData("NotLeader", OutcomeStatus.Unavailable)]
    [InlineData("Throttled", OutcomeStatus.Throttled)]
    [InlineData("Lost Throttled", OutcomeStatus.Unknown)]
    public void Outcome_HasTheRightStatus_WhateverItsCopiesEndWith(string ends, OutcomeStatus expected)
    {
        using var fixture = new RouterFixture();
        Script(fixture, ends);

        Assert.Equal(expected, fixture.Outcome(fixture.KeyWith(1), RequestId.ForKey("mine")).Status);
    }

    [Fact]
    public void Copies_HaveOneIdAndOneContent_WhenAWriteIsRetried()
    {
        using var fixture = new RouterFixture();
        Script(fixture, "Lost NotLeader Throttled OutcomeUnknown NotSent Applied");

        var reply = fixture.Write(fixture.KeyWith(1));

        Assert.Equal(6, fixture.Copies.Count);
        Assert.All(fixture.Copies, copy => Assert.Equal(reply.RequestId, copy.Id));
        Assert.Single(fixture.Copies.Select(copy => ((WriteRequest)copy.Request).Transaction).Distinct());
    }

    [Fact]
    public void ThrottledWrite_HonoursTheDelayThatItIsTold()
    {
        using var fixture = new RouterFixture();
        fixture.Client.Script(copy => copy.Answer("Throttled", retryAfter: TimeSpan.FromMilliseconds(300)), copy => copy.Answer("Applied"));

        fixture.Write(fixture.KeyWith(1));

        Assert.InRange(
            fixture.Copies[1].At - fixture.Copies[0].At, TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(300) + fixture.Options.FirstRetryDelay);
    }

    [Fact]
    public void ThrottledWrite_EndsAtOnce_WhenItIsToldToWaitPastItsDeadline()
    {
        using var fixture = new RouterFixture();
        var start = fixture.Time.Now;
        fixture.Client.Script(copy => copy.Answer("Throttled", retryAfter: TimeSpan.FromSeconds(5)));

        var reply = fixture.Write(fixture.KeyWith(1));

        Assert.Equal(WriteStatus.Throttled, reply.Result.Status);
        Assert.Equal(TimeSpan.FromSeconds(5), reply.Result.RetryAfter);
        Assert.Single(fixture.Copies);
        Assert.Equal(start, fixture.Time.Now);
    }

    [Fact]
    public void ThrottledWrite_EndsAfterSomeTries_UnlessACopyMayBeUnderWay()
    {
        using var fixture = new RouterFixture();
        Script(fixture, "Throttled");
        fixture.Write(fixture.KeyWith(1));
        Assert.Equal(fixture.Options.MaxThrottledRetries + 1, fixture.Copies.Count);

        fixture.Copies.Clear();
        Script(fixture, "Lost Throttled Throttled Throttled Throttled Throttled Throttled Throttled Throttled Throttled Throttled Throttled Applied");
        Assert.Equal(WriteStatus.Applied, fixture.WriteStatusOf(fixture.KeyWith(1)));
    }

    // (1) A copy is lost on its way; (2) the leader rejects the next one without the log, so that nobody remembers; (3) the lost one arrives.
    [Theory]
    [InlineData("NeverApplied", WriteStatus.PreconditionFailed)]
    [InlineData("Rejected", WriteStatus.PreconditionFailed)]
    [InlineData("Applied", WriteStatus.Applied)]
    [InlineData("Expired", WriteStatus.OutcomeUnknown)]
    [InlineData("Throttled", WriteStatus.OutcomeUnknown)]
    [InlineData("Unavailable", WriteStatus.OutcomeUnknown)]
    [InlineData("Unknown", WriteStatus.OutcomeUnknown)]
    public void Rejection_IsSettled_WhenACopyMayBeUnderWayAndItDidNotGoThroughTheLog(string outcome, WriteStatus expected)
    {
        using var fixture = new RouterFixture();
        var write = 0;
        fixture.Client.Respond = copy => Task.FromResult(copy.Request switch
        {
            OutcomeRequest => new CallResult(CallStatus.Answered, new BucketReply(0, Outcome: new OutcomeResult(
                Enum.Parse<OutcomeStatus>(outcome),
                outcome switch
                {
                    "Applied" => new WriteResult(WriteStatus.Applied, new Revision(9)),
                    "Rejected" => new WriteResult(WriteStatus.PreconditionFailed, new Revision(9)),
                    _ => null,
                }))),
            _ => write++ == 0 ? SentCopy.Lost : copy.Answer("PreconditionFailed"),
        });

        var reply = fixture.Write(fixture.KeyWith(1));

        Assert.Equal(expected, reply.Result.Status);
        Assert.All(fixture.Copies.Skip(2), copy => Assert.Equal(reply.RequestId, ((OutcomeRequest)copy.Request).RequestId));
        Assert.True(fixture.Copies.Count > 2);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("mine")]
    public void Rejection_Stands_WhenNoOtherCopyMayBeUnderWay(string? key)
    {
        using var fixture = new RouterFixture();
        Script(fixture, "NotLeader NotSent PreconditionFailed");

        Assert.Equal(WriteStatus.PreconditionFailed, fixture.WriteStatusOf(fixture.KeyWith(1), callersId: key is null ? default : KeyId(key)));

        Assert.Equal(3, fixture.Copies.Count);
    }

    [Fact]
    public void Write_IsUnknownExactlyAtItsDeadline_WhenNobodyAnswers()
    {
        using var fixture = new RouterFixture();
        var start = fixture.Time.Now;
        fixture.Client.Respond = fixture.Client.HangAsync;

        Assert.Equal(WriteStatus.OutcomeUnknown, fixture.WriteStatusOf(fixture.KeyWith(1), seconds: 5));

        Assert.Equal(TimeSpan.FromSeconds(5), fixture.Time.Now - start);
    }

    [Fact]
    public void Read_IsUnavailableExactlyAtItsDeadline_WhenNobodyAnswers()
    {
        using var fixture = new RouterFixture();
        var start = fixture.Time.Now;
        fixture.Client.Respond = fixture.Client.HangAsync;

        Assert.Equal(ReadStatus.Unavailable, fixture.Read(fixture.KeyWith(1), seconds: 0.25).Status);

        Assert.Equal(TimeSpan.FromSeconds(0.25), fixture.Time.Now - start);
    }

    // Without a quorum a replica waits for a leader until the request's deadline, and then says so: that word must arrive in time.
    [Theory]
    [InlineData(5.0)]
    [InlineData(1.0)]
    [InlineData(0.05)]
    public void Write_IsUnavailableInTime_WhenReplicasFindNoLeader(double seconds)
    {
        using var fixture = new RouterFixture();
        var start = fixture.Time.Now;
        var late = TimeSpan.FromSeconds(Math.Min(seconds / 20, 0.2));
        fixture.Client.Respond = async copy =>
        {
            Assert.True(copy.Request.Deadline - start <= TimeSpan.FromSeconds(seconds) - (2 * late));
            Assert.True(copy.At < copy.Request.Deadline);
            await Task.Delay(copy.Request.Deadline - fixture.Time.Now + late, fixture.Time, copy.Token);
            return copy.Answer("Unavailable");
        };

        Assert.Equal(WriteStatus.Unavailable, fixture.WriteStatusOf(fixture.KeyWith(1), seconds));

        Assert.True(fixture.Time.Now - start <= TimeSpan.FromSeconds(seconds));
    }

    [Fact]
    public void Cancellation_EndsTheWaitingAtOnce_AndNoFurtherCopyIsSent()
    {
        using var fixture = new RouterFixture();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(0.5), fixture.Time);
        var start = fixture.Time.Now;
        fixture.Client.Respond = fixture.Client.HangAsync;

        Assert.ThrowsAny<OperationCanceledException>(() => fixture.Write(fixture.KeyWith(1), token: cancellation.Token));
        Assert.Equal(TimeSpan.FromSeconds(0.5), fixture.Time.Now - start);
        var sent = fixture.Copies.Count;
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(sent, fixture.Copies.Count);
    }

    [Fact]
    public void Cancellation_EndsAPause_WhenTheRequestIsInOne()
    {
        using var fixture = new RouterFixture();
        using var cancellation = new CancellationTokenSource(TimeSpan.FromSeconds(0.5), fixture.Time);
        var start = fixture.Time.Now;
        fixture.Client.Script(copy => copy.Answer("Throttled", retryAfter: TimeSpan.FromSeconds(3)));

        Assert.ThrowsAny<OperationCanceledException>(() => fixture.Write(fixture.KeyWith(1), token: cancellation.Token));

        Assert.Equal(TimeSpan.FromSeconds(0.5), fixture.Time.Now - start);
    }

    [Fact]
    public void Cancellation_SendsNothing_WhenItCameBeforeTheCall()
    {
        using var fixture = new RouterFixture();

        Assert.ThrowsAny<OperationCanceledException>(() => fixture.Write(fixture.KeyWith(1), token: new CancellationToken(canceled: true)));

        Assert.Empty(fixture.Copies);
    }

    [Fact]
    public void Request_IsThrottled_WhenTooManyAreInFlight()
    {
        using var fixture = new RouterFixture(new RouterOptions { MaxInFlight = 2 });
        var key = fixture.KeyWith(1);
        fixture.Client.Respond = fixture.Client.HangAsync;
        fixture.Time.Run(async () =>
        {
            Task[] both =
            [
                fixture.Router.WriteAsync(Put(key), default, For(1), default).AsTask(),
                fixture.Router.ReadAsync(key, ReadConsistency.Linearizable, For(1), default).AsTask(),
            ];
            var write = await fixture.Router.WriteAsync(Put(key), KeyId("mine"), For(1), default);
            Assert.Equal(WriteStatus.Throttled, write.Result.Status);
            Assert.Equal(fixture.Options.ThrottleDelay, write.Result.RetryAfter);
            var read = await fixture.Router.ReadAsync(key, ReadConsistency.Linearizable, For(1), default);
            Assert.Equal(ReadStatus.Throttled, read.Result.Status);
            var outcome = await fixture.Router.GetOutcomeAsync(key, RequestId.ForKey("mine"), firstSent: null, For(1), default);
            Assert.Equal(OutcomeStatus.Throttled, outcome.Result.Status);
            await Task.WhenAll(both);
        });
        Script(fixture, "Applied");

        // The places are given back.
        Assert.Equal(WriteStatus.Applied, fixture.WriteStatusOf(key));
    }

    private static void Script(RouterFixture fixture, string ends) => fixture.Client.Script([.. ends.Split(' ').Select<string, Func<SentCopy, CallResult>>(end => copy => end switch
    {
        "NotSent" => SentCopy.NotSent,
        "Lost" => SentCopy.Lost,
        "NoReply" => new CallResult(CallStatus.Answered),
        "Rejected" when copy.Request is WriteRequest => copy.Answer("PreconditionFailed", copies: 2),
        _ => copy.Answer(end),
    })]);
}
