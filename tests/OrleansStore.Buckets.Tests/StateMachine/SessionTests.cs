using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.StateMachine;

namespace OrleansStore.Buckets.Tests.StateMachine;

// Invariant 4; Raft thesis, section 6.3.
[Trait("Category", "Unit")]
public sealed class SessionTests
{
    private const long Minute = 60_000;
    private const long Idle = 10 * Minute;
    private const long Lead = Minute;

    private static readonly BucketLimits Limits = new() { MaxUnansweredPerSession = 4, MaxSessions = 3, MaxSessionResults = 6 };
    private readonly BucketState _state = BucketState.Create(Limits);

    [Fact]
    public void Retry_GetsItsFirstAnswer_WhateverHappenedSince()
    {
        var first = _state.Put(0, "a", "1", Make.InSession(1, 1));
        _state.Put(1, "a", "other");
        var applied = _state.Apply(Make.Command(2, Transaction.Of(Make.Put("a", "1")), Make.InSession(1, 1)));

        Assert.Equal(first, applied.Write);
        Assert.True(applied.IsRepeat);
        Assert.Equal("other", _state.ValueOf("a"));
    }

    [Fact]
    public void Retry_OfARejectedRequest_IsRejectedAgainEvenIfItsGuardHoldsNow()
    {
        var create = Transaction.Of(Make.Put("a", "1"), Guard.Exists(Make.Key("a")));
        var first = _state.Write(0, create, Make.InSession(1, 1));
        _state.Put(0, "a", "2");

        Assert.Equal(WriteStatus.PreconditionFailed, first.Status);
        Assert.Equal(first, _state.Write(0, create, Make.InSession(1, 1)));
        Assert.Equal("2", _state.ValueOf("a"));
    }

    [Fact]
    public void Sequences_MayArriveInAnyOrder_WithinTheWindow()
    {
        foreach (var sequence in new ulong[] { 3, 1, 4, 2 })
        {
            Assert.Equal(WriteStatus.Applied, _state.Put(0, "a", "1", Make.InSession(1, sequence)).Status);
        }

        Assert.Equal(4, _state.SessionResultCount);
    }

    [Fact]
    public void Request_IsThrottledAndChangesNothing_BeyondTheWindow()
    {
        _state.Put(0, "a", "1", Make.InSession(1, 1));
        Assert.Equal(WriteStatus.Throttled, _state.Put(0, "a", "2", Make.InSession(1, 5)).Status);
        Assert.Equal("1", _state.ValueOf("a"));

        // Once the window has moved, the same id is decided.
        Assert.Equal(WriteStatus.Applied, _state.Put(0, "a", "2", Make.InSession(1, 5, 1)).Status);
    }

    [Fact]
    public void AnsweredUpTo_ForgetsAnswers_AndRefusesTheirLateCopies()
    {
        _state.Put(0, "a", "1", Make.InSession(1, 1));
        _state.Put(0, "a", "2", Make.InSession(1, 2));
        _state.Put(0, "a", "3", Make.InSession(1, 3, 2));

        Assert.Equal(1, _state.SessionResultCount);
        Assert.Equal(WriteStatus.RequestExpired, _state.Put(0, "a", "1", Make.InSession(1, 1)).Status);
        Assert.Equal(WriteStatus.RequestExpired, _state.Put(0, "a", "2", Make.InSession(1, 2, 1)).Status);
        Assert.Equal("3", _state.ValueOf("a"));
    }

    [Fact]
    public void AnsweredUpTo_NeverFalls_WhenAnOlderRequestArrivesLate()
    {
        _state.Put(0, "a", "1", Make.InSession(1, 4, 3));
        _state.Put(0, "a", "2", Make.InSession(1, 5, 0));
        Assert.Equal(WriteStatus.RequestExpired, _state.Put(0, "a", "3", Make.InSession(1, 3, 0)).Status);
    }

    [Fact]
    public void SameId_WithAnotherRequest_IsRefused()
    {
        _state.Put(0, "a", "1", Make.InSession(1, 1));
        Assert.Equal(WriteStatus.IdempotencyMismatch, _state.Put(0, "a", "2", Make.InSession(1, 1)).Status);
        Assert.Equal(WriteStatus.IdempotencyMismatch, _state.Put(0, "b", "1", Make.InSession(1, 1)).Status);
        Assert.Equal("1", _state.ValueOf("a"));
        Assert.Null(_state.ValueOf("b"));
    }

    [Fact]
    public void Retry_IsTheSameRequest_WithAnotherStampAndAnsweredUpTo()
    {
        var transaction = Transaction.Of(Make.Put("a", "1", Expiry.After(TimeSpan.FromSeconds(5))));
        var first = _state.Write(0, transaction, Make.InSession(1, 2, 0));
        Assert.Equal(first, _state.Write(77, transaction, Make.InSession(1, 2, 1)));
    }

    [Fact]
    public void Sessions_AreBounded()
    {
        for (var session = 1UL; session <= 3; session++)
        {
            _state.Put(0, "a", "1", Make.InSession(session, 1));
        }

        Assert.Equal(WriteStatus.Throttled, _state.Put(0, "a", "2", Make.InSession(4, 1)).Status);
        Assert.Equal("1", _state.ValueOf("a"));
        Assert.Equal(WriteStatus.Applied, _state.Put(0, "a", "2", Make.InSession(3, 2)).Status);
    }

    [Fact]
    public void AnswersOfAllSessions_AreBounded()
    {
        for (var sequence = 1UL; sequence <= 3; sequence++)
        {
            _state.Put(0, "a", "1", Make.InSession(1, sequence));
            _state.Put(0, "a", "1", Make.InSession(2, sequence));
        }

        Assert.Equal(WriteStatus.Throttled, _state.Put(0, "a", "2", Make.InSession(2, 4)).Status);
        Assert.Equal(WriteStatus.Applied, _state.Put(0, "a", "2", Make.InSession(2, 4, 1)).Status);
    }

    [Theory]
    [InlineData(-Lead, true)]
    [InlineData(-Lead - 1, false)]
    [InlineData(0, true)]
    [InlineData(Idle - Lead - 1, true)]
    [InlineData(Idle - Lead, false)]
    public void Session_OpensOnlyAtAnAgeInItsWindow(long age, bool opens)
    {
        var result = _state.Put(age, "a", "1", Make.InSession(1, 1));
        Assert.Equal(opens ? WriteStatus.Applied : WriteStatus.RequestExpired, result.Status);
        Assert.Equal(opens ? 1 : 0, _state.SessionCount);
    }

    [Fact]
    public void Session_EndsAfterItsIdleTime_AndALateCopyIsNotTakenForNew()
    {
        _state.Put(0, "a", "1", Make.InSession(1, 1));
        _state.Apply(new AdvanceTimeCommand(Make.At(Idle - 1)));
        Assert.Equal(1, _state.SessionCount);
        _state.Apply(new AdvanceTimeCommand(Make.At(Idle)));
        Assert.Equal(0, _state.SessionCount);
        Assert.Equal(0, _state.SessionResultCount);

        _state.Put(Idle, "a", "2");
        Assert.Equal(WriteStatus.RequestExpired, _state.Put(Idle, "a", "1", Make.InSession(1, 1)).Status);
        Assert.Equal("2", _state.ValueOf("a"));
    }

    // The proof in SessionTable, at its corners.
    [Theory]
    [InlineData(-Lead)]
    [InlineData(0)]
    [InlineData(Idle - Lead - 1)]
    public void Session_NeverOpensAgain_WhateverItsAgeWasWhenItOpened(long openedAt)
    {
        _state.Put(openedAt, "a", "1", Make.InSession(1, 1));
        _state.Apply(new AdvanceTimeCommand(Make.At(openedAt + Idle)));
        Assert.Equal(0, _state.SessionCount);
        foreach (var later in new[] { 0, 1, Lead, Idle, 100 * Idle })
        {
            Assert.Equal(WriteStatus.RequestExpired, _state.Put(openedAt + Idle + later, "a", "2", Make.InSession(1, 2)).Status);
        }

        Assert.Equal("1", _state.ValueOf("a"));
    }

    [Fact]
    public void Session_LivesOn_WhileItIsUsed()
    {
        for (var i = 0UL; i < 10; i++)
        {
            Assert.Equal(WriteStatus.Applied, _state.Put((long)i * (Idle - 1), "a", "1", Make.InSession(1, i + 1, i)).Status);
        }
    }

    [Fact]
    public void IdleSessions_EndInBoundedNumberPerCommand()
    {
        var state = BucketState.Create(new BucketLimits { MaxSessionEndsPerCommand = 2 });
        for (var session = 1UL; session <= 5; session++)
        {
            state.Put((long)session, "a", "1", Make.InSession(session, 1));
        }

        state.Apply(new AdvanceTimeCommand(Make.At(Idle + 100)));
        Assert.Equal(3, state.SessionCount);

        // One that is due but not yet ended still knows its answers.
        Assert.Equal(new Revision(5), state.Put(Idle + 99, "a", "1", Make.InSession(5, 1)).Revision);
        Assert.Equal(1, state.SessionCount);
    }

    [Fact]
    public void FindAnswer_SaysOnlyWhatNoOtherCommandCanChange()
    {
        var put = Transaction.Of(Make.Put("a", "1"));
        var first = _state.Write(0, put, Make.InSession(1, 2, 1));
        TransactionCommand Ask(RequestIdentity identity, Transaction? transaction = null) => new(Make.At(0), identity, transaction ?? put);

        Assert.Equal(first, _state.FindAnswer(Ask(Make.InSession(1, 2))));
        Assert.Equal(WriteStatus.RequestExpired, _state.FindAnswer(Ask(Make.InSession(1, 1)))!.Status);
        Assert.Equal(WriteStatus.IdempotencyMismatch, _state.FindAnswer(Ask(Make.InSession(1, 2), Transaction.Of(Make.Put("b", "1"))))!.Status);
        Assert.Null(_state.FindAnswer(Ask(Make.InSession(1, 3))));
        Assert.Null(_state.FindAnswer(Ask(Make.InSession(1, 100))));
        Assert.Null(_state.FindAnswer(Ask(default)));

        // An idle bucket's applied time lags: a fresh session seems to come from the future, and is no longer so when its command is applied.
        var future = new RequestIdentity(RequestId.ForSession(Make.Session(1, createdAfterStart: 5 * Idle), 1));
        Assert.Null(_state.FindAnswer(Ask(future)));
        var past = new RequestIdentity(RequestId.ForSession(Make.Session(1, createdAfterStart: -5 * Idle), 1));
        Assert.Equal(WriteStatus.RequestExpired, _state.FindAnswer(Ask(past))!.Status);
    }
}
