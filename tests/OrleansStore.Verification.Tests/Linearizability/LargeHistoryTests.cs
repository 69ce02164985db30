using System.Diagnostics;
using OrleansStore.Verification.Histories;
using OrleansStore.Verification.Linearizability;
using OrleansStore.Verification.Tests.Model;

namespace OrleansStore.Verification.Tests.Linearizability;

/// <summary>Histories as a nemesis run makes them.</summary>
[Trait("Category", "Linearizability")]
public sealed class LargeHistoryTests
{
    private const ulong Seed = 0x5EED;

    // What a search must not exceed on a busy machine, in a build without optimisation; without revisions the worst case takes a minute there.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private static RandomHistory Large(string[] keys, int widePercent = 0, int clients = 20, bool tellsRevisions = true, int unknownPercent = 1) => new(Seed)
    {
        Operations = 10_000, Clients = clients, Keys = keys, WidePercent = widePercent, TellsRevisions = tellsRevisions, UnknownPercent = unknownPercent,
    };

    private static LinearizabilityReport CheckInTime(List<ClientOperation> history)
    {
        var watch = Stopwatch.StartNew();
        var report = LinearizabilityChecker.Check(history);
        Assert.True(watch.Elapsed < Limit, $"{history.Count} operations took {watch.Elapsed} and {report.StepsTried} steps");
        return report;
    }

    [Fact]
    public void Check_AcceptsTenThousandOperationsOfOneKey_InSeconds()
    {
        var report = CheckInTime(Large(["x"]).Draw());

        Assert.Equal(LinearizabilityVerdict.Linearizable, report.Verdict);
        Assert.Equal(10_000, report.Operations);
    }

    [Fact]
    public void Check_AcceptsTenThousandOperationsOfOneKey_WhenNoRevisionIsTold() =>
        Assert.Equal(LinearizabilityVerdict.Linearizable, CheckInTime(Large(["x"], clients: 8, tellsRevisions: false).Draw()).Verdict);

    [Fact]
    public void Check_AcceptsTenThousandTransactions_OverTheKeysOfOneBucket()
    {
        var report = CheckInTime(Large([.. Enumerable.Range(0, 6).Select(number => $"k{number}")], widePercent: 10).Draw());

        Assert.Equal(LinearizabilityVerdict.Linearizable, report.Verdict);
        Assert.Equal(1, report.Components);
    }

    [Fact]
    public void Check_DividesByKey_WhenNoTransactionConnectsThem() =>
        Assert.Equal(50, CheckInTime(Large([.. Enumerable.Range(0, 50).Select(number => $"k{number}")]).Draw()).Components);

    [Theory, Trait("Category", "Slow")]
    [InlineData(true, 2)]
    [InlineData(false, 0)]
    public void Check_RefusesOneStaleRead_AmongTenThousandOperations(bool tellsRevisions, int unknownPercent)
    {
        var history = Large(["x"], clients: tellsRevisions ? 8 : 3, tellsRevisions: tellsRevisions, unknownPercent: unknownPercent).Draw();
        var reads = history.OfType<ReadOperation>().Where(read => read.Result!.Record is not null).ToList();
        var (old, late) = (reads[reads.Count / 2], reads[(reads.Count / 2) + 200]);
        history[history.IndexOf(late)] = late with { Result = old.Result };

        var report = CheckInTime(history);

        Assert.Equal(LinearizabilityVerdict.NotLinearizable, report.Verdict);

        // Without revisions each search is so long that the bound leaves more than is needed.
        Assert.InRange(report.Counterexample!.Operations.Count, 2, tellsRevisions ? 8 : 5_000);
        Assert.Contains(report.Counterexample.Operations, operation => operation.Begin == late.Begin);
    }

    [Fact]
    public void Check_SaysUndecided_WhenTheBoundIsReached()
    {
        var report = LinearizabilityChecker.Check(Large(["x"]).Draw(), new LinearizabilityOptions { MaxStepsPerComponent = 100 });

        Assert.Equal(LinearizabilityVerdict.Undecided, report.Verdict);
        Assert.Null(report.Counterexample);
    }
}
