using System.Globalization;
using System.Net;
using OrleansStore.Verification.Linearizability;
using OrleansStore.Verification.Nemesis.Faults;
using OrleansStore.Verification.Reports;

namespace OrleansStore.Verification.Nemesis.Reports;

/// <summary>Writes a run as a page for a browser: the verdict first, then what clients felt. One file: no script, no font, nothing from the network.</summary>
public static class NemesisPage
{
    private const string Style = """
        :root { color-scheme: light; --ink: #1b1f24; --soft: #59636e; --line: #d8dee4; --good: #1a7f37; --goodpaper: #eaf7ed; --fail: #cf222e; --failpaper: #fff1f0; }
        body { font: 14px/1.5 system-ui, sans-serif; margin: 0; color: var(--ink); background: #fff; } main { max-width: 1120px; margin: 0 auto; padding: 1.5rem 1.5rem 4rem; }
        h1 { font-size: 1.3rem; margin: 0 0 1rem; } h2 { font-size: 1.05rem; margin: 2.2rem 0 .6rem; } p { margin: .4rem 0; max-width: 62rem; } code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
        .verdict { border-left: 6px solid var(--good); background: var(--goodpaper); padding: .8rem 1.1rem; border-radius: 4px; } .verdict strong { font-size: 1.15rem; color: var(--good); }
        .verdict.bad { border-color: var(--fail); background: var(--failpaper); } .verdict.bad strong { color: var(--fail); }
        .facts { display: flex; flex-wrap: wrap; gap: 2.2rem; margin: 1.2rem 0 0; } .facts div { line-height: 1.3; } .facts b { display: block; font-size: 1.25rem; font-variant-numeric: tabular-nums; } .facts span { color: var(--soft); }
        table { border-collapse: collapse; } td, th { border-bottom: 1px solid var(--line); padding: .3rem .9rem .3rem 0; text-align: left; vertical-align: top; } th { color: var(--soft); font-weight: 600; }
        td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .key { display: inline-block; width: .8rem; height: .8rem; border-radius: 2px; margin-right: .45rem; vertical-align: -1px; }
        .latency { width: 100%; height: auto; } svg .grid { stroke: var(--line); stroke-width: 1; } svg .tick { font: 11px system-ui, sans-serif; fill: var(--soft); } svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
        svg .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; } svg .p50 { stroke: #0969da; } svg .p99 { stroke: #8250df; } svg .max { stroke: #bc4c00; stroke-width: 1; } svg .answered { fill: #b6c7d8; } svg .failed { fill: var(--fail); }
        .legend { color: var(--soft); } .legend span { margin-right: 1.2rem; white-space: nowrap; } .legend i { display: inline-block; width: 1.4rem; height: 0; border-top: 3px solid; vertical-align: 4px; margin-right: .4rem; }
        details { margin-top: .8rem; } summary { cursor: pointer; color: var(--soft); }
        """;

    // Pale, so that lines are seen in front of them; one for each kind, by its number.
    private static readonly string[] Colours = ["#fff", "#ffd8b5", "#e9d8fd", "#ffcfd2", "#fbe38e", "#cdeac0", "#d0d7de", "#c7ecf2", "#f5d0e6", "#f0a8a8"];

    /// <summary>Writes the page.</summary>
    /// <param name="report">The run.</param>
    /// <param name="command">What does the same again; shown as it is.</param>
    /// <param name="writer">Where to; not closed.</param>
    public static void Write(NemesisReport report, string command, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>OrleansStore: verification</title>\n<style>\n{Style}\n");
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            writer.Write($".f{(int)kind} rect, .key.f{(int)kind} {{ fill: {Colours[(int)kind]}; background: {Colours[(int)kind]}; }}\n");
        }

        writer.Write("</style>\n</head>\n<body>\n<main>\n<h1>Verification under faults</h1>\n");
        WriteVerdict(report, writer);
        WriteFacts(report, writer);
        WriteChart(report, writer);
        WriteImpacts(report, writer);
        WriteOperations(report, writer);
        WriteCounterexample(report, writer);
        writer.Write($"<h2>Again</h2>\n<p><code>{Encode(command)}</code></p>\n");
        writer.Write("<p class=\"legend\">The seed decides which faults come when, and what each client draws; what the cluster makes of it differs from run to run.</p>\n");
        writer.Write("</main>\n</body>\n</html>\n");
    }

    private static void WriteVerdict(NemesisReport report, TextWriter writer)
    {
        writer.Write($"<div class=\"verdict{(report.IsPassed ? "" : " bad")}\">\n<strong>{Encode(report.Verdict)}</strong>\n");
        writer.Write($"<p>{Encode(Text($"{report.History.Operations:N0} operations were checked in {report.History.Parts:N0} independent parts; every key was read at the end through every datacenter."))}</p>\n");
        foreach (var sentence in report.History.LostWrites.Concat(report.Contradictions).Concat(report.NotRecovered))
        {
            writer.Write($"<p>{Encode(sentence)}</p>\n");
        }

        foreach (var omitted in report.Omitted.GroupBy(omitted => omitted.Value))
        {
            writer.Write($"<p>Left out {string.Join(", ", omitted.Select(pair => FaultText.NameOf(pair.Key)))}: {Encode(omitted.Key)}.</p>\n");
        }

        writer.Write("</div>\n");
    }

    private static void WriteFacts(NemesisReport report, TextWriter writer)
    {
        writer.Write($"<p>{Encode(report.Target)}</p>\n<div class=\"facts\">\n");
        Fact(Text($"{report.Worked.TotalSeconds:N0} s"), "clients worked");
        Fact(Text($"{report.Options.Clients:N0}"), "clients");
        Fact(Text($"{report.Operations.Sum(row => row.Answered):N0}"), "operations answered");
        Fact(report.Rate is { } rate ? Text($"{rate:N0}/s") : "unlimited", report.MeasuredMaximum is { } maximum ? Text($"asked for, of {maximum:N0}/s measured") : "asked for");
        Fact(Text($"{report.Faults.Count}"), "faults");
        Fact(Text($"{report.Repeats:N0}"), "writes sent again under their id");
        Fact(Seconds(report.Recovery), "until all were answered, at the end");
        writer.Write("</div>\n");

        void Fact(string value, string name) => writer.Write($"<div><b>{Encode(value)}</b><span>{Encode(name)}</span></div>\n");
    }

    private static void WriteChart(NemesisReport report, TextWriter writer)
    {
        writer.Write("<h2>Latency over time</h2>\n<p class=\"legend\"><span><i style=\"color:#0969da\"></i>median</span><span><i style=\"color:#8250df\"></i>99th percentile</span>");
        writer.Write("<span><i style=\"color:#bc4c00\"></i>maximum, each of the operations sent in one second</span><span><i style=\"color:#b6c7d8\"></i>answered</span><span><i style=\"color:#cf222e\"></i>not answered</span></p>\n<p class=\"legend\">");
        foreach (var kind in report.Faults.Select(fault => fault.Event.Kind).Distinct().Order())
        {
            writer.Write($"<span><span class=\"key f{(int)kind}\"></span>{FaultText.NameOf(kind)}</span>");
        }

        writer.Write($"</p>\n{LatencyChart.Draw(report)}");
        if (report.Faults.Count == 0)
        {
            return;
        }

        writer.Write($"<details><summary>All {report.Faults.Count} faults</summary>\n<table>\n");
        foreach (var fault in report.Faults)
        {
            writer.Write($"<tr><td>{Encode(FaultText.Describe(fault))}</td></tr>\n");
        }

        writer.Write("</table>\n</details>\n");
    }

    private static void WriteImpacts(NemesisReport report, TextWriter writer)
    {
        writer.Write("<h2>What clients felt of each kind of fault</h2>\n<p class=\"legend\">From the injection to the next fault. Gap: the longest time from one answer of a client to its next, latency: of an answered operation, both of clients "
            + "whose datacenter the fault spares (where all are killed, of all clients). Silence: the longest time in which nobody at all was answered.</p>\n<table>\n<tr><th>fault</th><th class=\"n\">times</th><th class=\"n\">worst gap</th>"
            + "<th class=\"n\">worst latency</th><th class=\"n\">silence</th><th class=\"n\">answered</th><th>not answered</th></tr>\n");
        foreach (var impact in report.Impacts)
        {
            var errors = string.Join(", ", impact.Errors.Select(error => Text($"{error.Value:N0} {FaultText.NameOf(error.Key)}")));
            writer.Write($"<tr><td><span class=\"key f{(int)(impact.Kind ?? 0)}\"></span>{FaultText.NameOf(impact.Kind)}</td><td class=\"n\">{(impact.Kind is null ? "" : Text($"{impact.Count}"))}</td>");
            writer.Write($"<td class=\"n\">{Seconds(impact.WorstGap)}</td><td class=\"n\">{Seconds(impact.WorstLatency)}</td><td class=\"n\">{Seconds(impact.LongestSilence)}</td>");
            writer.Write($"<td class=\"n\">{Text($"{impact.Answered:N0}")}</td><td>{Encode(errors.Length == 0 ? "none" : errors)}</td></tr>\n");
        }

        writer.Write("</table>\n");
    }

    private static void WriteOperations(NemesisReport report, TextWriter writer)
    {
        writer.Write("<h2>Operations</h2>\n<table>\n<tr><th>operation</th><th class=\"n\">answered</th><th class=\"n\">of them rejected</th><th class=\"n\">outcome unknown</th><th class=\"n\">failed</th>"
            + "<th class=\"n\">median</th><th class=\"n\">p99</th><th class=\"n\">maximum</th></tr>\n");
        foreach (var row in report.Operations)
        {
            writer.Write(Text($"<tr><td>{row.Name}</td><td class=\"n\">{row.Answered:N0}</td><td class=\"n\">{row.Rejected:N0}</td><td class=\"n\">{row.Unknown:N0}</td><td class=\"n\">{row.Failed:N0}</td>"));
            writer.Write(Text($"<td class=\"n\">{row.P50.TotalMilliseconds:0.0} ms</td><td class=\"n\">{row.P99.TotalMilliseconds:0.0} ms</td><td class=\"n\">{row.Max.TotalMilliseconds:0.0} ms</td></tr>\n"));
        }

        writer.Write("</table>\n");
    }

    private static void WriteCounterexample(NemesisReport report, TextWriter writer)
    {
        if (report.History is { Linearizability: LinearizabilityVerdict.NotLinearizable, Counterexample: { } counterexample })
        {
            writer.Write("<h2>What cannot be explained</h2>\n");
            TimelinePage.WriteBody(counterexample, writer);
        }
    }

    private static string Seconds(TimeSpan time) => Text($"{time.TotalSeconds:0.00} s");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
