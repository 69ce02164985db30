using OrleansStore.Verification.Nemesis.Faults;
using OrleansStore.Verification.Nemesis.Statistics;
using OrleansStore.Verification.Nemesis.Workload;
using static OrleansStore.Verification.Tests.Nemesis.Support.Logs;

namespace OrleansStore.Verification.Tests.Nemesis;

/// <summary>What clients felt of a fault: whose wait counts, from when, and until when.</summary>
[Trait("Category", "Unit")]
public sealed class FaultStatisticsTests
{
    private const double End = 40;

    // dc1 is struck from 10 to 14, dc2 from 20 to 24. Client n talks to datacenter n modulo 3.
    private static readonly FaultWindow[] Faults = [Window(FaultKind.Kill, 10, victim: 0), Window(FaultKind.Stop, 20, victim: 1)];

    [Fact]
    public void Gap_IsThatOfAClientWhoseDatacenterIsSpared()
    {
        var impacts = Summarize(Steady(0, End, (10, 14)), Steady(1, End, (10.5, 11.5), (20, 24)), Steady(2, End, (21, 21.5)));

        AssertSeconds(1.1, impacts[FaultKind.Kill].WorstGap);
        AssertSeconds(0.6, impacts[FaultKind.Stop].WorstGap);
        AssertSeconds(0.1, impacts[0].WorstGap);
    }

    [Fact]
    public void Gap_CountsFromTheLastAnswerBeforeTheFault_AndOnlyToTheNextFault()
    {
        // The first client waits from 9.01 to 10.91; the second from 19.81, hardly before the fault that strikes its own datacenter, to 24.01.
        var impacts = Summarize(Steady(2, End, (9.1, 10.85)), Steady(1, End, (19.85, 23.95)));

        AssertSeconds(1.9, impacts[FaultKind.Kill].WorstGap);
        AssertSeconds(0.1, impacts[FaultKind.Stop].WorstGap);
    }

    [Fact]
    public void Gap_ReachesToTheEnd_WhereAClientIsNotAnsweredAgain()
    {
        AssertSeconds(10.1, Summarize(Steady(0, End), Steady(2, 30))[FaultKind.Stop].WorstGap, within: 0.05);
        AssertSeconds(End - 5, Summarize(Steady(0, End), Of(Failed(5, 6)))[FaultKind.Stop].WorstGap);
    }

    [Fact]
    public void Gap_IsThatOfAnyClient_WhereNoneIsSpared()
    {
        var all = new FaultStatistics([Window(FaultKind.AllKilled, 10, victim: 0)], Time(End), client => client).Summarize([Steady(0, End, (10, 13)), Steady(1, End, (10, 12))]);

        AssertSeconds(3.1, all.Single(impact => impact.Kind == FaultKind.AllKilled).WorstGap);
    }

    [Fact]
    public void Silence_IsTheTimeInWhichNobodyWasAnswered()
    {
        var impacts = Summarize(Steady(0, End, (10, 13)), Steady(1, End, (12, 14)), Steady(2, End, (11.5, 12.5)));

        // Client 2 goes on at 12.5, client 0 at 13: nobody between 11.91 (client 1) and 12.51.
        AssertSeconds(0.6, impacts[FaultKind.Kill].LongestSilence);
        AssertSeconds(0.1, impacts[FaultKind.Stop].LongestSilence);
    }

    [Fact]
    public void Silence_ThatTheNextFaultMakes_IsNotThatOfTheOneBefore()
    {
        var impacts = Summarize(Steady(0, End, (19.95, 23)), Steady(1, End, (19.95, 24)));

        AssertSeconds(0.1, impacts[FaultKind.Kill].LongestSilence);
        AssertSeconds(3.1, impacts[FaultKind.Stop].LongestSilence);
    }

    [Fact]
    public void Errors_AreCountedByCode_WhereTheyEnded()
    {
        var impacts = Summarize(Of(
            Get(1, 1.1), Failed(9.9, 10.5), Failed(10.5, 11, ErrorCode.OutcomeUnknown, WorkStatus.Unknown), Failed(11, 12), Get(12, 15), Failed(20, 21, ErrorCode.DiskFull), Get(22, 39.9)));

        Assert.Equal(new Dictionary<ErrorCode, long> { [ErrorCode.Unavailable] = 2, [ErrorCode.OutcomeUnknown] = 1 }, impacts[FaultKind.Kill].Errors);
        Assert.Equal(new Dictionary<ErrorCode, long> { [ErrorCode.DiskFull] = 1 }, impacts[FaultKind.Stop].Errors);
        Assert.Equal(1, impacts[FaultKind.Kill].Answered);
        Assert.Empty(impacts[0].Errors);
    }

    [Fact]
    public void Latency_IsThatOfAnAnsweredOperation_OfAClientThatIsSpared()
    {
        var impacts = Summarize(Of(Get(11, 13) with { Client = 1 }, Get(21, 24) with { Client = 1 }), Of(Get(10.5, 13.5), Failed(20, 25)));

        AssertSeconds(2, impacts[FaultKind.Kill].WorstLatency);
        AssertSeconds(0, impacts[FaultKind.Stop].WorstLatency);
    }

    [Fact]
    public void Latency_BySecond_IsExact()
    {
        var seconds = LatencyStatistics.BySecond([Of([.. Enumerable.Range(1, 100).Select(i => Get(1.5, 1.5 + (i / 1000.0))), Failed(1.9, 2.5), Get(2.1, 2.2)])], Time(3));

        Assert.Equal(3, seconds.Count);
        Assert.Equal(new LatencySecond(0, 0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero), seconds[0]);
        Assert.Equal((100, 1), (seconds[1].Answered, seconds[1].Failed));
        AssertSeconds(0.050, seconds[1].P50, within: 0.0001);
        AssertSeconds(0.099, seconds[1].P99, within: 0.0001);
        AssertSeconds(0.100, seconds[1].Max, within: 0.0001);
    }

    [Fact]
    public void Latency_ByKind_CountsWhatBecameOfThem()
    {
        var rejected = Put(0, 1, 5, 0) with { Kind = WorkKind.SwapValue, Status = WorkStatus.Rejected };
        var rows = LatencyStatistics.ByKind([Of(Get(0, 1), Get(1, 3), Put(0, 1, 1, 1), rejected, Failed(1, 2, ErrorCode.OutcomeUnknown, WorkStatus.Unknown), Failed(2, 3), Get(5, 6))], Time(4)).ToDictionary(row => row.Name);

        Assert.Equal((2, TimeSpan.FromSeconds(2)), (rows["get"].Answered, rows["get"].Max));
        Assert.Equal((1, 1, 1), (rows["put"].Answered, rows["put"].Unknown, rows["put"].Failed));
        Assert.Equal((1, 1), (rows["cas"].Answered, rows["cas"].Rejected));
    }

    private static Dictionary<FaultKind, FaultImpact> Summarize(params OperationLog[] logs) =>
        new FaultStatistics(Faults, Time(End), client => client % 3).Summarize(logs).ToDictionary(impact => impact.Kind ?? 0);

    private static FaultWindow Window(FaultKind kind, double start, int victim) =>
        new(new FaultEvent(kind, Time(start), Time(4), victim, victim, IsInbound: false), Time(start), Time(start + 4), Time(start + 5));

    private static TimeSpan Time(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void AssertSeconds(double expected, TimeSpan actual, double within = 0.011) =>
        Assert.True(Math.Abs(actual.TotalSeconds - expected) <= within, $"It is {actual.TotalSeconds} s, not {expected} s.");
}
