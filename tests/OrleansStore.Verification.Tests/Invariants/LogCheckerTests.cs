using OrleansStore.Verification.Invariants;
using static OrleansStore.Verification.Tests.Invariants.LogEvents;

namespace OrleansStore.Verification.Tests.Invariants;

/// <summary>Log matching, durability on a quorum, recovery.</summary>
[Trait("Category", "Unit")]
public sealed class LogCheckerTests
{
    private readonly List<Violation> _violations = [];

    private void AssertViolated(VerifiedProperty property) => Assert.Equal(property, Assert.Single(_violations).Property);

    [Fact]
    public void Logs_Match_WhenAFollowersConflictIsOverwritten()
    {
        var checker = new LogMatchingChecker(_violations.Add);
        checker.Observe(Append(1, 1, 1, Entry(1, 1), Entry(2, 1), Entry(3, 1)));
        checker.Observe(Append(2, 1, 1, Entry(1, 1)));
        checker.Observe(Append(2, 2, 2, Entry(2, 2), Entry(3, 2)));
        checker.Observe(Append(1, 2, 2, Entry(2, 2)));
        checker.Observe(Append(1, 3, 2, Entry(3, 2)));
        Assert.Empty(_violations);
    }

    [Fact]
    public void Logs_AreRefused_WhenOnePositionHasTwoContents()
    {
        var checker = new LogMatchingChecker(_violations.Add);
        checker.Observe(Append(1, 1, 1, Entry(1, 1)));
        checker.Observe(Append(2, 1, 1, new LogEntry(At(1, 1), 0xBAD)));
        AssertViolated(VerifiedProperty.LogMatching);
    }

    // Raft figure 3: logs that share an entry are identical through it. Here they share (2, 2) and differ before it.
    [Fact]
    public void Logs_AreRefused_WhenTheyDifferBeforeACommonEntry()
    {
        var checker = new LogMatchingChecker(_violations.Add);
        checker.Observe(Append(1, 1, 2, Entry(1, 2), Entry(2, 2)));
        checker.Observe(Append(2, 1, 2, Entry(1, 1), Entry(2, 2)));
        AssertViolated(VerifiedProperty.LogMatching);
    }

    [Fact]
    public void Commit_IsFine_WhenAMajorityHasItDurably()
    {
        var checker = Quorum((1, true), (2, true), (3, false));
        checker.Observe(new CommitSeen(Bucket, Replica(1), new Term(1), new LogIndex(1), Voters(1, 2, 3)));
        checker.ObserveAcknowledged(Bucket, 0x77, Voters(1, 2, 3));
        Assert.Empty(_violations);
    }

    [Fact]
    public void Commit_IsRefused_WhenTheLeaderCountedItsOwnUnsyncedCopy()
    {
        var checker = Quorum((1, false), (2, true), (3, false));
        checker.Observe(new CommitSeen(Bucket, Replica(1), new Term(1), new LogIndex(1), Voters(1, 2, 3)));
        AssertViolated(VerifiedProperty.QuorumDurability);
    }

    [Fact]
    public void Acknowledgement_IsRefused_WhenNoMajorityHasTheRequestDurably()
    {
        var checker = Quorum((1, true), (2, false), (3, false));
        checker.ObserveAcknowledged(Bucket, 0x77, Voters(1, 2, 3));
        AssertViolated(VerifiedProperty.QuorumDurability);
    }

    [Fact]
    public void Acknowledgement_IsRefused_WhenTheRequestIsInNoLog()
    {
        var checker = Quorum((1, true), (2, true), (3, true));
        checker.ObserveAcknowledged(Bucket, 0x78, Voters(1, 2, 3));
        AssertViolated(VerifiedProperty.QuorumDurability);
    }

    [Fact]
    public void Commit_NeedsBothHalves_WhenTheConfigurationIsJoint()
    {
        var checker = Quorum((1, true), (2, true), (3, false));
        var joint = new VoterSet([Replica(1), Replica(4), Replica(5)], [Replica(1), Replica(2), Replica(3)]);
        checker.ObserveAcknowledged(Bucket, 0x77, joint);
        Assert.Empty(_violations);
        checker.Observe(new CommitSeen(Bucket, Replica(1), new Term(1), new LogIndex(1), joint));
        AssertViolated(VerifiedProperty.QuorumDurability);
    }

    [Fact]
    public void Commit_CountsASnapshot_InPlaceOfTheEntriesItCovers()
    {
        var checker = Quorum((1, true), (2, false), (3, false));
        checker.Observe(new AppendQueued(Bucket, Replica(3), 2, null, At(5, 1), [], null));
        checker.ObserveDurable(Bucket, Replica(3), 2);
        checker.Observe(new CommitSeen(Bucket, Replica(1), new Term(1), new LogIndex(1), Voters(1, 2, 3)));
        Assert.Empty(_violations);
    }

    // Raft figure 8: an entry of term 1 is on a majority in term 3, and counts only once one of term 3 is, too.
    [Theory]
    [InlineData(3, true)]
    [InlineData(2, false)]
    public void Commit_MustEndWithAnEntryOfTheLeadersTerm_WhenItRises(ulong commit, bool isFine)
    {
        var checker = new QuorumDurabilityChecker(_violations.Add);
        for (var replica = 1; replica <= 2; replica++)
        {
            checker.Observe(Append(replica, 1, 3, Entry(1, 1), Entry(2, 1), Entry(3, 3)));
            checker.ObserveDurable(Bucket, Replica(replica), 1);
        }

        checker.Observe(new CommitSeen(Bucket, Replica(1), new Term(3), new LogIndex(1), Voters(1, 2, 3)));
        checker.Observe(new CommitSeen(Bucket, Replica(1), new Term(3), new LogIndex(commit), Voters(1, 2, 3)));
        Assert.Equal(isFine ? 0 : 1, _violations.Count(violation => violation.Property == VerifiedProperty.QuorumDurability));
    }

    [Theory]
    [InlineData(5, 5, true)]
    [InlineData(5, 9, true)]
    [InlineData(5, 4, false)]
    [InlineData(5, 0, false)]
    public void Truncation_NeedsADurableSnapshot_ThatCoversWhatIsDropped(ulong dropped, ulong snapshot, bool isFine)
    {
        var newest = snapshot == 0 ? (LogPosition?)null : At(snapshot, 1);
        var checker = new TruncationChecker(_violations.Add);
        checker.Observe(new AppendQueued(Bucket, Replica(1), 1, null, null, [], At(dropped, 1)), newest);
        checker.Observe(new AppendQueued(Bucket, Replica(1), 2, null, At(dropped, 1), [], null), newest);
        checker.Observe(Recovered(1, 1, At(dropped, 1)) with { Snapshot = newest });
        Assert.Equal(isFine ? 0 : 3, _violations.Count(violation => violation.Property == VerifiedProperty.Truncation));
    }

    [Fact]
    public void Truncation_IsFine_WhenNothingIsDropped()
    {
        var checker = new TruncationChecker(_violations.Add);
        checker.Observe(Append(1, 1, 1, Entry(1, 1)), snapshot: null);
        checker.Observe(Recovered(1, 1, default, Entry(1, 1)));
        Assert.Empty(_violations);
    }

    // Entries 1 and 2 were acknowledged, 3 was only written.
    [Theory]
    [InlineData(3, true)]
    [InlineData(2, true)]
    [InlineData(1, false)]
    public void Recovery_MustGiveBackWhatWasAcknowledged_AfterACrash(int recovered, bool isFine)
    {
        var checker = Written();
        checker.Observe(Recovered(1, 1, default, [.. Enumerable.Range(1, recovered).Select(index => Entry((ulong)index, 1))]));
        Assert.Equal(isFine, _violations.Count == 0);
    }

    [Fact]
    public void Recovery_MustGiveBackEverything_AfterASleep()
    {
        var checker = Written();
        checker.Observe(Recovered(1, 1, default, Entry(1, 1), Entry(2, 1)) with { IsAfterCrash = false });
        AssertViolated(VerifiedProperty.Recovery);
    }

    [Fact]
    public void Recovery_IsRefused_WhenTheVoteIsForgotten()
    {
        var checker = Written();
        checker.Observe(Recovered(1, 0, default, Entry(1, 1), Entry(2, 1)));
        AssertViolated(VerifiedProperty.Recovery);
    }

    [Fact]
    public void Recovery_IsRefused_WhenAnEntryWasNeverWritten()
    {
        var checker = Written();
        checker.Observe(Recovered(1, 1, default, Entry(1, 1), Entry(2, 1), Entry(3, 1), Entry(4, 1)));
        AssertViolated(VerifiedProperty.Recovery);
    }

    [Fact]
    public void Recovery_MayResetTheLog_ToASnapshotThatItHadNotReached()
    {
        var checker = Written();
        checker.Observe(Recovered(1, 1, At(9, 1)) with { Snapshot = At(9, 1) });
        Assert.Empty(_violations);
    }

    [Fact]
    public void Recovery_MustKeepTheLog_BehindASnapshotOfItsOwn()
    {
        var checker = Written();
        checker.Observe(Recovered(1, 1, At(1, 1)) with { Snapshot = At(1, 1) });
        AssertViolated(VerifiedProperty.Recovery);
    }

    [Fact]
    public void Recovery_FollowsCompactionsAndOverwrites()
    {
        var checker = Written();
        checker.Observe(new AppendQueued(Bucket, Replica(1), 3, null, null, [Entry(2, 2)], At(1, 1)));
        checker.ObserveDurable(Bucket, Replica(1), 3);
        checker.Observe(Recovered(1, 1, At(1, 1), Entry(2, 2)));
        Assert.Empty(_violations);
    }

    private RecoveryChecker Written()
    {
        var checker = new RecoveryChecker(_violations.Add);
        checker.Observe(Append(1, 1, 1, Entry(1, 1), Entry(2, 1)));
        checker.ObserveDurable(Bucket, Replica(1), 1);
        checker.Observe(Append(1, 2, 1, Entry(3, 1)));
        return checker;
    }

    private QuorumDurabilityChecker Quorum(params (int Replica, bool IsDurable)[] copies)
    {
        var checker = new QuorumDurabilityChecker(_violations.Add);
        foreach (var (replica, isDurable) in copies)
        {
            checker.Observe(Append(replica, 1, 1, Entry(1, 1, mark: 0x77)));
            if (isDurable)
            {
                checker.ObserveDurable(Bucket, Replica(replica), 1);
            }
        }

        return checker;
    }
}
