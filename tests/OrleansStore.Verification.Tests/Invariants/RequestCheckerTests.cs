using OrleansStore.Verification.Histories;
using OrleansStore.Verification.Invariants;
using static OrleansStore.Verification.Tests.Invariants.LogEvents;
using static OrleansStore.Verification.Tests.Make;

namespace OrleansStore.Verification.Tests.Invariants;

/// <summary>Requests, their outcomes, the change history and the order of revisions.</summary>
[Trait("Category", "Unit")]
public sealed class RequestCheckerTests
{
    private const ulong Mark = 0x42;
    private readonly List<Violation> _violations = [];

    private void AssertViolated(VerifiedProperty property) => Assert.Equal(property, Assert.Single(_violations).Property);

    [Fact]
    public void Request_IsFine_WhenItsEffectIsSeenOftenAtOneRevision()
    {
        var checker = new AtMostOnceChecker(_violations.Add);
        checker.Observe(new EffectSeen(Bucket, new Revision(4), Mark));
        checker.Observe(new EffectSeen(Bucket, new Revision(4), Mark));
        checker.Observe(new RequestAnswered(Bucket, Mark, RequestFate.Applied, new Revision(4)));
        checker.CheckAllSeen(Bucket, new Revision(1), new Revision(9), _ => true);
        Assert.Empty(_violations);
    }

    [Fact]
    public void Request_IsRefused_WhenItTakesEffectTwice()
    {
        var checker = new AtMostOnceChecker(_violations.Add);
        checker.Observe(new EffectSeen(Bucket, new Revision(4), Mark));
        checker.Observe(new EffectSeen(Bucket, new Revision(6), Mark));
        AssertViolated(VerifiedProperty.AtMostOnce);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void NeverApplied_IsALie_WhenTheRequestTakesEffect(bool isToldFirst)
    {
        var checker = new AtMostOnceChecker(_violations.Add);
        var told = RequestAnswered.From(Bucket, Mark, new OutcomeResult(OutcomeStatus.NeverApplied))!.Value;
        if (isToldFirst)
        {
            checker.Observe(told);
        }

        checker.Observe(new EffectSeen(Bucket, new Revision(4), Mark));
        if (!isToldFirst)
        {
            checker.Observe(told);
        }

        AssertViolated(VerifiedProperty.AtMostOnce);
    }

    [Theory]
    [InlineData(WriteStatus.Unavailable)]
    [InlineData(WriteStatus.Throttled)]
    [InlineData(WriteStatus.DiskFull)]
    [InlineData(WriteStatus.PreconditionFailed)]
    [InlineData(WriteStatus.NeverApplied)]
    public void DefiniteFailure_IsALie_WhenTheRequestTakesEffect(WriteStatus status)
    {
        var checker = new AtMostOnceChecker(_violations.Add);
        checker.Observe(RequestAnswered.From(Bucket, Mark, new WriteResult(status, Revision.None))!.Value);
        checker.Observe(new EffectSeen(Bucket, new Revision(4), Mark));
        AssertViolated(VerifiedProperty.AtMostOnce);
    }

    [Fact]
    public void UnknownOutcome_TellsNothing()
    {
        Assert.Null(RequestAnswered.From(Bucket, Mark, new WriteResult(WriteStatus.OutcomeUnknown, Revision.None)));
        Assert.Null(RequestAnswered.From(Bucket, Mark, new OutcomeResult(OutcomeStatus.Unknown)));
        Assert.Null(RequestAnswered.From(Bucket, Mark, new OutcomeResult(OutcomeStatus.Expired)));
    }

    [Fact]
    public void Outcome_IsRefused_WhenItNamesAnotherRevisionThanTheAnswer()
    {
        var checker = new AtMostOnceChecker(_violations.Add);
        checker.Observe(RequestAnswered.From(Bucket, Mark, new WriteResult(WriteStatus.Applied, new Revision(4)))!.Value);
        checker.Observe(RequestAnswered.From(Bucket, Mark, new OutcomeResult(OutcomeStatus.Applied, new WriteResult(WriteStatus.Applied, new Revision(5))))!.Value);
        AssertViolated(VerifiedProperty.AtMostOnce);
    }

    [Fact]
    public void Outcome_IsRefused_WhenItContradictsAnEarlierOne()
    {
        var checker = new AtMostOnceChecker(_violations.Add);
        checker.Observe(RequestAnswered.From(Bucket, Mark, new OutcomeResult(OutcomeStatus.NeverApplied))!.Value);
        checker.Observe(RequestAnswered.From(Bucket, Mark, new OutcomeResult(OutcomeStatus.Applied))!.Value);
        AssertViolated(VerifiedProperty.AtMostOnce);
    }

    [Theory]
    [InlineData(9, 1)]
    [InlineData(3, 0)]
    public void AppliedRequest_IsMissed_WhenTheHistoryShouldHaveIt(ulong last, int violations)
    {
        var checker = new AtMostOnceChecker(_violations.Add);
        checker.Observe(new RequestAnswered(Bucket, Mark, RequestFate.Applied, new Revision(4)));
        checker.CheckAllSeen(Bucket, new Revision(1), new Revision(last), _ => true);
        Assert.Equal(violations, _violations.Count);
    }

    [Fact]
    public void History_IsFine_WhenItIsDenseAndEqualEverywhere()
    {
        var checker = new ChangeHistoryChecker(_violations.Add);
        checker.Observe(Changes(1, compacted: 0, last: 3, (1, 10), (2, 20), (2, 21), (3, 30)));
        checker.Observe(Changes(2, compacted: 1, last: 3, (2, 20), (2, 21), (3, 30)));
        checker.Observe(Changes(3, compacted: 7, last: 7));
        Assert.Empty(_violations);
    }

    [Fact]
    public void History_IsRefused_WhenARevisionIsMissing()
    {
        var checker = new ChangeHistoryChecker(_violations.Add);
        checker.Observe(Changes(1, compacted: 0, last: 3, (1, 10), (3, 30)));
        AssertViolated(VerifiedProperty.ChangeHistory);
    }

    [Fact]
    public void History_IsRefused_WhenItsEndIsMissing()
    {
        var checker = new ChangeHistoryChecker(_violations.Add);
        checker.Observe(Changes(1, compacted: 0, last: 3, (1, 10), (2, 20)));
        AssertViolated(VerifiedProperty.ChangeHistory);
    }

    [Fact]
    public void History_IsRefused_WhenReplicasDiffer()
    {
        var checker = new ChangeHistoryChecker(_violations.Add);
        checker.Observe(Changes(1, compacted: 0, last: 2, (1, 10), (2, 20), (2, 21)));
        checker.Observe(Changes(2, compacted: 1, last: 2, (2, 20)));
        AssertViolated(VerifiedProperty.ChangeHistory);
    }

    [Fact]
    public void RevisionsOfABucket_AreFine_WhenTheyRiseOverItsKeys() =>
        AssertRevisionOrder(0, Put(0, 1, "a", 3, key: "x"), Get(2, 3, null, bucket: 3, key: "y"), Put(2, 9, "b", 5, key: "y"), Put(4, 8, "c", 4, key: "x"));

    [Fact]
    public void RevisionsOfABucket_AreRefused_WhenALaterReadOfAnotherKeySeesLess() =>
        AssertRevisionOrder(1, Put(0, 1, "a", 3, key: "x"), Get(2, 3, null, bucket: 2, key: "y"));

    [Fact]
    public void RevisionsOfABucket_AreRefused_WhenTwoChangesShareOne() => AssertRevisionOrder(1, Put(0, 5, "a", 3, key: "x"), Put(1, 6, "b", 3, key: "y"));

    private void AssertRevisionOrder(int violations, params ClientOperation[] history)
    {
        RevisionOrderChecker.Check(history, _ => Bucket, _violations.Add);
        Assert.Equal(violations, _violations.Count(violation => violation.Property == VerifiedProperty.RevisionOrder));
    }

    private static ChangesSeen Changes(int replica, ulong compacted, ulong last, params (ulong Revision, ulong Content)[] changes) => new(
        Bucket, Replica(replica), new Revision(compacted), new Revision(last), [.. changes.Select(change => new ChangeContent(new Revision(change.Revision), change.Content))]);
}
