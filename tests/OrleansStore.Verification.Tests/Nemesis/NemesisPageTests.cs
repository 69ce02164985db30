using System.Xml.Linq;
using OrleansStore.Verification.Linearizability;
using OrleansStore.Verification.Nemesis;
using OrleansStore.Verification.Nemesis.Checks;
using OrleansStore.Verification.Nemesis.Faults;
using OrleansStore.Verification.Nemesis.Reports;
using OrleansStore.Verification.Nemesis.Statistics;
using static OrleansStore.Verification.Tests.Make;

namespace OrleansStore.Verification.Tests.Nemesis;

/// <summary>The page about a run.</summary>
[Trait("Category", "Unit")]
public sealed class NemesisPageTests
{
    private static readonly FaultWindow Killed = new(
        new FaultEvent(FaultKind.Kill, Seconds(3), Seconds(2), Victim: 1, Peer: 1, IsInbound: false), Seconds(3), Seconds(5), Seconds(6));

    [Fact]
    public void Page_HasTheVerdictFirst_AndWhatClientsFelt()
    {
        var page = PageOf(Report());

        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.Contains("Linearizable, and no acknowledged write lost.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("verdict bad", page, StringComparison.Ordinal);
        Assert.Contains("1.25 s", page, StringComparison.Ordinal);
        Assert.Contains("3 unavailable, 1 outcome-unknown", page, StringComparison.Ordinal);
        Assert.Contains("kill -9 of dc2: 3.0 s to 5.0 s, all well at 6.0 s", page, StringComparison.Ordinal);
        Assert.Contains("ostore verify --seed 7", page, StringComparison.Ordinal);
        Assert.True(page.IndexOf("class=\"verdict", StringComparison.Ordinal) < page.IndexOf("<svg", StringComparison.Ordinal));
    }

    [Fact]
    public void Page_NeedsNothingFromOutside_AndIsWellFormed()
    {
        var page = PageOf(Report() with { History = Violated() });

        foreach (var forbidden in new[] { "<script", "src=", "href=", "url(", "@import", "http:", "https:" })
        {
            Assert.DoesNotContain(forbidden, page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        }

        // All but the void elements of the head is XML as well.
        var body = page[page.IndexOf("<body>", StringComparison.Ordinal)..(page.IndexOf("</body>", StringComparison.Ordinal) + "</body>".Length)];
        Assert.NotNull(XElement.Parse(body).Element("main"));
    }

    [Fact]
    public void Page_EscapesEverythingThatCameFromOutside()
    {
        const string evil = "<img src=x onerror=alert(1)>&\"";
        var page = PageOf(
            Report() with
            {
                Target = evil,
                Contradictions = [evil],
                NotRecovered = [evil],
                Omitted = new Dictionary<FaultKind, string> { [FaultKind.DiskFull] = evil },
                History = Violated(evil) with { LostWrites = [evil] },
            },
            evil);

        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&lt;img", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_DrawsTheCounterexample_WhereThereIsOne()
    {
        var page = PageOf(Report() with { History = Violated() });

        Assert.Contains("verdict bad", page, StringComparison.Ordinal);
        Assert.Contains("Violated: the history is not linearizable.", page, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"timeline\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Chart_MarksEachFault_WhereItWas_AndBreaksTheLineWhereNothingWasAnswered()
    {
        var chart = XElement.Parse(LatencyChart.Draw(Report()));

        var fault = Assert.Single(chart.Elements("g"), group => group.Attribute("class")!.Value == "fault f1").Element("rect")!;
        var (x, width) = ((double)fault.Attribute("x")!, (double)fault.Attribute("width")!);

        // 10 seconds lie between 64 and 1068.
        Assert.Equal(64 + (3 * 100.4), x, 0.1);
        Assert.Equal(2 * 100.4, width, 0.1);
        var line = Assert.Single(chart.Elements("path"), path => path.Attribute("class")!.Value == "line max").Attribute("d")!.Value;
        Assert.Equal(2, line.Count(letter => letter == 'M'));
        Assert.Equal(9, line.Count(letter => letter is 'M' or 'L'));
        Assert.Single(chart.Elements("rect"), rect => rect.Attribute("class")?.Value == "failed");
    }

    [Fact]
    public void Chart_IsDrawn_WhereNothingWasAnsweredAtAll()
    {
        var chart = LatencyChart.Draw(Report() with { Seconds = [new LatencySecond(0, 0, default, default, default)], Worked = TimeSpan.Zero, Faults = [] });

        Assert.NotNull(XElement.Parse(chart));
        Assert.DoesNotContain("NaN", chart, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LinearizabilityVerdict.Linearizable, 0, 0, 0, false, true, "Linearizable")]
    [InlineData(LinearizabilityVerdict.NotLinearizable, 0, 0, 0, false, false, "not linearizable")]
    [InlineData(LinearizabilityVerdict.Undecided, 0, 0, 0, false, false, "Undecided")]
    [InlineData(LinearizabilityVerdict.Linearizable, 1, 0, 0, false, false, "lost")]
    [InlineData(LinearizabilityVerdict.Linearizable, 0, 1, 0, false, false, "two different answers")]
    [InlineData(LinearizabilityVerdict.Linearizable, 0, 0, 1, false, false, "came back")]
    [InlineData(LinearizabilityVerdict.Linearizable, 0, 0, 0, true, false, "Stopped early")]
    [InlineData(LinearizabilityVerdict.NotLinearizable, 1, 1, 1, true, false, "not linearizable")]
    public void Report_PassesOnlyWhereEverythingHolds(LinearizabilityVerdict verdict, int lost, int contradictions, int notRecovered, bool wasStopped, bool isPassed, string words)
    {
        var report = Report() with
        {
            History = new HistoryVerdict(verdict, 1, 1, 0, null, [.. Enumerable.Repeat("a", lost)]),
            Contradictions = [.. Enumerable.Repeat("b", contradictions)],
            NotRecovered = [.. Enumerable.Repeat("c", notRecovered)],
            WasStopped = wasStopped,
        };

        Assert.Equal(isPassed, report.IsPassed);
        Assert.Contains(words, report.Verdict, StringComparison.Ordinal);
    }

    private static HistoryVerdict Violated(string value = "a")
    {
        var counterexample = LinearizabilityChecker.Check([Put(0, 1, value), Put(2, 3, "b"), Get(4, 5, value)]).Counterexample;
        return new HistoryVerdict(LinearizabilityVerdict.NotLinearizable, 3, 1, 0, counterexample, []);
    }

    private static NemesisReport Report() => new()
    {
        Options = new NemesisOptions { KeyPrefix = "p/" },
        Target = "three processes",
        Omitted = new Dictionary<FaultKind, string>(),
        Faults = [Killed],
        Rate = 500,
        MeasuredMaximum = 1000,
        Worked = Seconds(10),
        History = new HistoryVerdict(LinearizabilityVerdict.Linearizable, 5000, 64, 0, null, []),
        Contradictions = [],
        Repeats = 12,
        NotRecovered = [],
        Recovery = Seconds(0.1),
        Impacts = [new FaultImpact(FaultKind.Kill, 1, Seconds(1.25), Seconds(1.1), Seconds(0.2), 4000, new Dictionary<ErrorCode, long> { [ErrorCode.Unavailable] = 3, [ErrorCode.OutcomeUnknown] = 1 })],
        Seconds = [.. Enumerable.Range(0, 10).Select(i => i == 4 ? new LatencySecond(0, 4, default, default, default) : new LatencySecond(500, 0, Seconds(0.002), Seconds(0.05), Seconds(0.2)))],
        Operations = [new OperationSummary("get", 2000, 0, 0, 3, Seconds(0.002), Seconds(0.05), Seconds(0.2))],
        WasStopped = false,
    };

    private static string PageOf(NemesisReport report, string command = "ostore verify --seed 7")
    {
        using var writer = new StringWriter();
        NemesisPage.Write(report, command, writer);
        return writer.ToString();
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
