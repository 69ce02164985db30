using OrleansStore.Verification.Invariants;
using static OrleansStore.Verification.Tests.Invariants.LogEvents;

namespace OrleansStore.Verification.Tests.Invariants;

/// <summary>Leaders, states, leases, progress: each rule with something that keeps it and something that breaks it.</summary>
[Trait("Category", "Unit")]
public sealed class GroupCheckerTests
{
    private readonly List<Violation> _violations = [];

    private void AssertViolated(VerifiedProperty property) => Assert.Equal(property, Assert.Single(_violations).Property);

    [Fact]
    public void Leaders_AreFine_WhenEachTermHasOne()
    {
        var checker = new LeaderPerTermChecker(_violations.Add);
        checker.Observe(new LeaderSeen(Bucket, new Term(1), Replica(1)));
        checker.Observe(new LeaderSeen(Bucket, new Term(1), Replica(1)));
        checker.Observe(new LeaderSeen(Bucket, new Term(2), Replica(2)));
        checker.Observe(new LeaderSeen(new BucketId(4), new Term(1), Replica(2)));
        Assert.Empty(_violations);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    public void Leaders_AreRefused_WhenATermHasTwo(int second, long activation)
    {
        var checker = new LeaderPerTermChecker(_violations.Add);
        checker.Observe(new LeaderSeen(Bucket, new Term(1), Replica(1)));
        checker.Observe(new LeaderSeen(Bucket, new Term(1), Replica(second), activation));
        AssertViolated(VerifiedProperty.LeaderPerTerm);
    }

    [Theory]
    [InlineData(7, 7, 0)]
    [InlineData(7, 8, 1)]
    public void States_MustBeEqual_AtEqualAppliedIndex(ulong one, ulong other, int violations)
    {
        var checker = new StateEqualityChecker(_violations.Add);
        checker.Observe(new StateSeen(Bucket, Replica(1), new LogIndex(5), one));
        checker.Observe(new StateSeen(Bucket, Replica(1), new LogIndex(6), 99));
        checker.Observe(new StateSeen(Bucket, Replica(2), new LogIndex(5), other));
        Assert.Equal(violations, _violations.Count(violation => violation.Property == VerifiedProperty.StateEquality));
    }

    [Fact]
    public void Leases_AreFine_WhenOneFollowsAnother()
    {
        var checker = new LeaseChecker(_violations.Add);
        checker.Observe(Lease(1, now: 0, until: 10));
        checker.Observe(Lease(1, now: 5, until: 15));
        checker.Observe(Lease(2, now: 15, until: 20));
        Assert.Empty(_violations);
    }

    [Fact]
    public void Leases_AreFine_WhenTheFirstWasGivenUpOrItsProcessEnded()
    {
        var checker = new LeaseChecker(_violations.Add);
        checker.Observe(Lease(1, now: 0, until: 10));
        checker.Observe(Lease(1, now: 5, until: 0));
        checker.Observe(Lease(2, now: 6, until: 20));
        checker.ForgetLeasesOf(Replica(2));
        checker.Observe(Lease(3, now: 7, until: 20));
        Assert.Empty(_violations);
    }

    [Fact]
    public void Leases_AreRefused_WhenTheyOverlap()
    {
        var checker = new LeaseChecker(_violations.Add);
        checker.Observe(Lease(1, now: 0, until: 10));
        checker.Observe(Lease(2, now: 9, until: 20));
        AssertViolated(VerifiedProperty.LeaseExclusion);
    }

    // (activation, epoch, term, commit, applied, revision), after (1, 2, 5, 10, 9, 8).
    [Theory]
    [InlineData(1, 2, 5, 10, 9, 8, 0)]
    [InlineData(1, 3, 6, 11, 11, 9, 0)]
    [InlineData(2, 2, 5, 4, 3, 2, 0)]
    [InlineData(1, 1, 5, 10, 9, 8, 1)]
    [InlineData(1, 2, 4, 10, 9, 8, 1)]
    [InlineData(2, 1, 5, 10, 9, 8, 1)]
    [InlineData(2, 2, 4, 10, 9, 8, 0)]
    [InlineData(1, 2, 5, 9, 9, 8, 1)]
    [InlineData(1, 2, 5, 10, 8, 8, 1)]
    [InlineData(1, 2, 5, 10, 9, 7, 1)]
    [InlineData(2, 2, 5, 3, 4, 2, 1)]
    public void Progress_MustNotGoBack(long activation, ulong epoch, ulong term, ulong commit, ulong applied, ulong revision, int violations)
    {
        var checker = new ProgressChecker(_violations.Add);
        checker.Observe(Progress(1, 2, 5, 10, 9, 8));
        checker.Observe(Progress(activation, epoch, term, commit, applied, revision));
        Assert.Equal(violations, _violations.Count(violation => violation.Property == VerifiedProperty.Progress));
    }

    private static LeaseSeen Lease(int replica, int now, int until) => new(Bucket, Replica(replica), TimeSpan.FromSeconds(now), TimeSpan.FromSeconds(until));

    private static ProgressSeen Progress(long activation, ulong epoch, ulong term, ulong commit, ulong applied, ulong revision) =>
        new(Bucket, Replica(1), activation, new Epoch(epoch), new Term(term), new LogIndex(commit), new LogIndex(applied), new Revision(revision));
}
