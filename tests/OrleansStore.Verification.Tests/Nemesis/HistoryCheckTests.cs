using OrleansStore.Verification.Linearizability;
using OrleansStore.Verification.Nemesis.Checks;
using OrleansStore.Verification.Nemesis.Workload;
using static OrleansStore.Verification.Tests.Nemesis.Support.Logs;

namespace OrleansStore.Verification.Tests.Nemesis;

/// <summary>The checks of a recorded run: right ones pass, and each kind of wrong is found.</summary>
[Trait("Category", "Linearizability")]
public sealed class HistoryCheckTests
{
    private const double Final = 100;

    [Fact]
    public async Task History_IsLinearizable_WhereEveryKindOfOperationIsRight()
    {
        var verdict = await CheckAsync(
            Put(0, 1, 1, 1) with { Outcome = OperationOutcome.Created },
            Get(1, 2, 1, 1),
            Put(2, 3, 2, 2) with { Kind = WorkKind.SwapRevision, ExpectedRevision = 1, Outcome = OperationOutcome.Replaced },
            Put(3, 4, 3, 0) with { Kind = WorkKind.SwapValue, ExpectedValue = 1, Status = WorkStatus.Rejected },
            Put(4, 5, 4, 0) with { Kind = WorkKind.PutIfAbsent, Status = WorkStatus.Rejected },
            Put(5, 6, 0, 3) with { Kind = WorkKind.Move, ExpectedValue = 2, OtherKey = 1, OtherValue = 5, Outcome = OperationOutcome.Deleted, OtherOutcome = OperationOutcome.Created },
            Get(6, 7, 5, 3, key: 1),
            Delete(7, 8, 3) with { Status = WorkStatus.Missing },
            Put(8, 9, 6, 4) with { Kind = WorkKind.PutPair, OtherKey = 1, OtherValue = 7 },
            Put(9, 10, 8, 0) with { Status = WorkStatus.Unknown },
            Get(11, 12, 8, 5),
            Put(12, 13, 9, 0) with { Status = WorkStatus.Failed },
            Get(Final, Final + 1, 8, 5),
            Get(Final, Final + 1, 7, 4, key: 1));

        Assert.Equal(LinearizabilityVerdict.Linearizable, verdict.Linearizability);
        Assert.Empty(verdict.LostWrites);
        Assert.Equal(14, verdict.Operations);
    }

    [Fact]
    public async Task StaleRead_IsFound() => await AssertViolatedAsync(Put(0, 1, 1, 1), Put(2, 3, 2, 2), Get(4, 5, 1, 1), Get(Final, Final + 1, 2, 2));

    [Fact]
    public async Task ValueThatNobodyWrote_IsFound() => await AssertViolatedAsync(Put(0, 1, 1, 1), Get(2, 3, WorkValue.Foreign, 1));

    [Fact]
    public async Task FailedWriteThatTookEffect_IsFound() => await AssertViolatedAsync(Failed(0, 1), Get(2, 3, 1, 1));

    [Fact]
    public async Task HalfOfAPair_IsFound() =>
        await AssertViolatedAsync(Put(0, 1, 1, 1) with { Kind = WorkKind.PutPair, OtherKey = 1, OtherValue = 2 }, Get(2, 3, 1, 1), Get(2, 3, key: 1));

    [Fact]
    public async Task WriteThatTookEffectTwice_IsFound() => await AssertViolatedAsync(Put(0, 1, 1, 1), Put(2, 3, 2, 2), Get(4, 5, 2, 2), Get(6, 7, 1, 3));

    [Fact]
    public async Task Contradiction_IsFoundAmongManyFamilies()
    {
        var records = Enumerable.Range(0, 50).SelectMany(family => new[] { Put(0, 1, family + 1, 1, key: family * KeyFamilies.Size), Get(2, 3, family == 37 ? 0 : family + 1, 1, key: family * KeyFamilies.Size) });

        var verdict = await CheckAsync([.. records]);

        Assert.Equal(LinearizabilityVerdict.NotLinearizable, verdict.Linearizability);
        Assert.Contains("{37}", verdict.Counterexample!.ToString(), StringComparison.Ordinal);
        Assert.Equal(50, verdict.Parts);
    }

    [Fact]
    public void AcknowledgedWriteThatIsGone_IsLost() =>
        Assert.Contains("revision 5", Assert.Single(Lost(Put(0, 1, 1, 4), Put(2, 3, 2, 5), Get(Final, Final + 1, 1, 4))), StringComparison.Ordinal);

    [Fact]
    public void AcknowledgedRecordThatIsAbsent_IsLost_UnlessItWasDeleted()
    {
        var final = Get(Final, Final + 1);

        Assert.Single(Lost(Put(0, 1, 1, 4), final));
        Assert.Single(Lost(Delete(0, 1, 3), Put(2, 3, 1, 4), final));
        Assert.Empty(Lost(Put(0, 1, 1, 4), Delete(2, 3, 5), final));
        Assert.Empty(Lost(Put(0, 1, 1, 4), Delete(2, 3, 0) with { Status = WorkStatus.Unknown }, final));
        Assert.Empty(Lost(Put(0, 1, 1, 4), Put(2, 3, 0, 5) with { Kind = WorkKind.Move, OtherKey = 1, OtherValue = 9 }, final));
    }

    [Fact]
    public void OtherValueAtTheSameRevision_IsLost() => Assert.Single(Lost(Put(0, 1, 1, 4), Get(Final, Final + 1, 2, 4)));

    [Fact]
    public void SecondPartOfAPair_IsLost_WhereItIsGone()
    {
        var pair = Put(0, 1, 1, 4) with { Kind = WorkKind.PutPair, OtherKey = 1, OtherValue = 2 };

        Assert.Empty(Lost(pair, Get(Final, Final + 1, 1, 4), Get(Final, Final + 1, 2, 4, key: 1)));
        Assert.Single(Lost(pair, Get(Final, Final + 1, 1, 4), Get(Final, Final + 1, key: 1)));
    }

    [Fact]
    public void LaterOrUnansweredOrEarlierReads_LoseNothing() =>
        Assert.Empty(Lost(Get(0, 1), Put(2, 3, 1, 4), Get(Final, Final + 1, 9, 8), Get(Final, Final + 1) with { Status = WorkStatus.Failed }));

    private static IEnumerable<string> Lost(params OperationRecord[] records) => LostWriteChecker.Check(records, TimeSpan.FromSeconds(Final).Ticks, key => $"key {key}");

    private static async Task AssertViolatedAsync(params OperationRecord[] records)
    {
        var verdict = await CheckAsync(records);

        Assert.Equal(LinearizabilityVerdict.NotLinearizable, verdict.Linearizability);
        Assert.NotNull(verdict.Counterexample);
    }

    private static Task<HistoryVerdict> CheckAsync(params OperationRecord[] records)
    {
        var families = new KeyFamilies("p/", (records.Max(record => record.Key) / KeyFamilies.Size * KeyFamilies.Size) + 1);

        // Two logs, as of two clients: what belongs together does not lie together.
        OperationLog[] logs = [Of([.. records.Where((_, i) => i % 2 == 0)]), Of([.. records.Where((_, i) => i % 2 == 1)])];
        return new HistoryCheck(new RecordedHistory(logs, families), families, TimeSpan.FromSeconds(Final)).RunAsync();
    }
}
