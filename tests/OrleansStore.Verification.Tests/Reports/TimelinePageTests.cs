using System.Xml.Linq;
using OrleansStore.Verification.Linearizability;
using OrleansStore.Verification.Reports;
using static OrleansStore.Verification.Tests.Make;

namespace OrleansStore.Verification.Tests.Reports;

/// <summary>The page that a person looks at.</summary>
[Trait("Category", "Unit")]
public sealed class TimelinePageTests
{
    private static string PageOf(params Histories.ClientOperation[] history)
    {
        using var writer = new StringWriter();
        TimelinePage.Write(LinearizabilityChecker.Check(history).Counterexample!, "seed 7 & <co>", writer);
        return writer.ToString();
    }

    private static XElement ChartOf(string page)
    {
        var start = page.IndexOf("<svg", StringComparison.Ordinal);
        return XElement.Parse(page[start..(page.LastIndexOf("</svg>", StringComparison.Ordinal) + "</svg>".Length)]);
    }

    [Fact]
    public void Page_NeedsNothingFromOutside()
    {
        var page = PageOf(Put(0, 1, "a"), Put(2, 3, "b"), Get(4, 5, "a"));

        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.DoesNotContain("seed 7 & <co>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Chart_HasABarForEachOperation_MarkedByItsPart()
    {
        var chart = ChartOf(PageOf(
            Put(0, 1, "a"), Put(2, 3, "b", client: 1), Put(2.5, Never, "<c>", client: 2), Get(2.6, 3.5, "b", client: 3), Get(4, 5, "a", client: 4)));

        XNamespace svg = "http://www.w3.org/2000/svg";
        var bars = chart.Elements(svg + "g").Select(bar => (Kinds: bar.Attribute("class")!.Value, Title: bar.Element(svg + "title")!.Value)).ToList();
        Assert.Equal(5, bars.Count);
        Assert.Equal(3, bars.Count(bar => bar.Kinds.Contains("part", StringComparison.Ordinal)));
        Assert.Single(bars, bar => bar.Kinds == "unknown" && bar.Title.Contains("<c>", StringComparison.Ordinal));
        Assert.Single(bars, bar => bar.Kinds.Contains("stuck", StringComparison.Ordinal) && bar.Title.Contains("get x", StringComparison.Ordinal));
    }

    [Fact]
    public void Chart_PutsOperationsOfOneClientThatOverlap_IntoLanesOfTheirOwn()
    {
        var chart = ChartOf(PageOf(Put(0, 4, "a", 1), Put(1, 5, "b", 2), Get(6, 7, "a", 1)));

        XNamespace svg = "http://www.w3.org/2000/svg";
        var places = chart.Elements(svg + "g").Select(bar => bar.Element(svg + "rect")!.Attribute("y")!.Value).Distinct().Count();
        Assert.Equal(2, places);
    }
}
