using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Tests.StateMachine;

// Invariant 5: the outcome query writes, and does not guess.
[Trait("Category", "Unit")]
public sealed class OutcomeTests
{
    private const long Minute = 60_000;

    private static readonly BucketLimits Limits = new() { MaxUnansweredPerSession = 4, MaxSessions = 2, MaxKeys = 2 };
    private readonly BucketState _state = BucketState.Create(Limits);

    public static TheoryData<RequestIdentity> Identities => [Make.InSession(1, 3, 2), Make.WithKey("k")];

    [Theory, MemberData(nameof(Identities))]
    public void Outcome_IsTheFirstAnswer_OfAnAppliedRequest(RequestIdentity identity)
    {
        var first = _state.Put(0, "a", "1", identity);
        Assert.Equal(new OutcomeResult(OutcomeStatus.Applied, first), _state.Settle(1, identity.Id));
    }

    [Theory, MemberData(nameof(Identities))]
    public void Outcome_IsRejected_OfARequestThatChangedNothing(RequestIdentity identity)
    {
        var first = _state.Write(0, Transaction.Of(Operation.Delete(Make.Key("a"))), identity);
        Assert.Equal(new OutcomeResult(OutcomeStatus.Rejected, first), _state.Settle(1, identity.Id));
    }

    [Theory, MemberData(nameof(Identities))]
    public void UnknownRequest_NeverHappens_OnceItsOutcomeWasAsked(RequestIdentity identity)
    {
        Assert.Equal(new OutcomeResult(OutcomeStatus.NeverApplied), _state.Settle(0, identity.Id));

        var applied = _state.Apply(Make.Command(1, Transaction.Of(Make.Put("a", "1")), identity));
        Assert.Equal(WriteStatus.NeverApplied, applied.Write!.Status);
        Assert.Null(_state.ValueOf("a"));
        Assert.Equal(Revision.None, _state.Revision);
        Assert.Equal(new OutcomeResult(OutcomeStatus.NeverApplied), _state.Settle(2, identity.Id));
    }

    [Fact]
    public void Outcome_IsExpired_WhenTheSessionAcknowledgedTheAnswer()
    {
        _state.Put(0, "a", "1", Make.InSession(1, 1));
        _state.Put(0, "a", "1", Make.InSession(1, 2, 1));
        Assert.Equal(OutcomeStatus.Expired, _state.Settle(0, Make.InSession(1, 1).Id).Status);
    }

    [Fact]
    public void Outcome_IsExpired_WhenTheSessionIsTooOldToOpen_AndItsLateCopyIsRefused()
    {
        Assert.Equal(OutcomeStatus.Expired, _state.Settle(9 * Minute, Make.InSession(1, 1).Id).Status);
        Assert.Equal(WriteStatus.RequestExpired, _state.Put(9 * Minute, "a", "1", Make.InSession(1, 1)).Status);
        Assert.Equal(0, _state.SessionCount);
    }

    [Fact]
    public void Outcome_IsThrottled_WhereNothingMoreCanBeRemembered()
    {
        _state.Put(0, "a", "1", Make.InSession(1, 1));
        _state.Put(0, "a", "1", Make.InSession(2, 1));
        _state.Put(0, "a", "1", Make.WithKey("k"));
        _state.Put(0, "a", "1", Make.WithKey("l"));
        Assert.Equal(OutcomeStatus.Throttled, _state.Settle(0, Make.InSession(1, 5).Id).Status);
        Assert.Equal(OutcomeStatus.Throttled, _state.Settle(0, Make.InSession(3, 1).Id).Status);
        Assert.Equal(OutcomeStatus.Throttled, _state.Settle(0, Make.WithKey("m").Id).Status);
    }

    [Fact]
    public void Outcome_OfAForgottenKey_IsExpired_UnlessTheRequestWasSentAfterAllThatWasForgotten()
    {
        _state.Put(0, "a", "1", Make.WithKey("k"));
        _state.Apply(new AdvanceTimeCommand(Make.At(11 * Minute)));
        Assert.Equal(0, _state.KeyCount);

        Assert.Equal(OutcomeStatus.Expired, _state.Settle(11 * Minute, Make.WithKey("k").Id, firstSent: Make.At(0)).Status);

        // The asker's clock may be ahead of the leader's by the allowed lead.
        Assert.Equal(OutcomeStatus.Expired, _state.Settle(11 * Minute, Make.WithKey("k").Id, firstSent: Make.At(Minute)).Status);
        Assert.Equal(OutcomeStatus.NeverApplied, _state.Settle(11 * Minute, Make.WithKey("l").Id, firstSent: Make.At(Minute + 1)).Status);

        // Who does not know when it was sent may mean any time.
        Assert.Equal(OutcomeStatus.Expired, _state.Settle(11 * Minute, Make.WithKey("k").Id).Status);
    }

    [Fact]
    public void Outcome_OfAnUnknownKey_IsNever_WhileNoKeyWasForgotten() =>
        Assert.Equal(OutcomeStatus.NeverApplied, _state.Settle(100 * Minute, Make.WithKey("k").Id).Status);
}
