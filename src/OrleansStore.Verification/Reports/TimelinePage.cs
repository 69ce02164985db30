using System.Globalization;
using System.Net;
using System.Text;
using OrleansStore.Verification.Histories;
using OrleansStore.Verification.Linearizability;

namespace OrleansStore.Verification.Reports;

/// <summary>Draws a counter-example as a page for a browser: one lane per client, one bar per operation, what contradicts itself in colour.</summary>
/// <remarks>The page is one file: no script, no font, nothing from the network. Time runs from left to right in steps, one per begin or end, so that
/// short operations stay readable beside long pauses; the real times stand below.</remarks>
public static class TimelinePage
{
    private const int MaxContext = 60;
    private const int LabelWidth = 90;
    private const int StepWidth = 72;
    private const int LaneHeight = 46;
    private const int BarHeight = 30;

    private const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --soft: #6a737d; --line: #d8dee4; --paper: #ffffff; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #8b949e; --line: #30363d; --paper: #0d1117; --plain: #1f3a5f; --bad: #5c1a1b; --badline: #ff7b72; --maybe: #4b3b00; --maybeline: #d29922; } }
        body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem; color: var(--ink); background: var(--paper); }
        h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin-top: 2rem; } p { max-width: 60rem; }
        table { border-collapse: collapse; } td, th { border-bottom: 1px solid var(--line); padding: .25rem .8rem; text-align: left; vertical-align: top; }
        td.n { font-variant-numeric: tabular-nums; white-space: nowrap; }
        """;

    // What the chart itself needs, wherever it stands: colours have defaults, which a page around it may set otherwise.
    private const string ChartStyle = """
        .timeline { overflow-x: auto; border: 1px solid var(--line, #d8dee4); border-radius: 6px; }
        .timeline svg text { fill: var(--ink, #1b1f24); font: 12px system-ui, sans-serif; } .timeline svg .time { fill: var(--soft, #6a737d); font-size: 10px; }
        .timeline svg line { stroke: var(--line, #d8dee4); } .timeline svg rect { fill: var(--plain, #d6e4f5); stroke: var(--soft, #6a737d); rx: 4; }
        .timeline svg .unknown rect { fill: var(--maybe, #fff3cd); stroke: var(--maybeline, #b08800); stroke-dasharray: 5 3; }
        .timeline svg .part rect { fill: var(--bad, #ffd7d5); stroke: var(--badline, #cf222e); stroke-width: 1.5; } .timeline svg .part.unknown rect { fill: var(--maybe, #fff3cd); }
        .timeline svg .stuck rect { stroke-width: 3.5; }
        """;

    /// <summary>Writes the page.</summary>
    /// <param name="counterexample">What is drawn: its operations in colour, and up to 60 others of its component that overlap them.</param>
    /// <param name="title">The page's title, such as the run that it comes from.</param>
    /// <param name="writer">Where to; not closed.</param>
    public static void Write(Counterexample counterexample, string title, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(counterexample);
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write($"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{Encode(title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n");
        writer.Write($"<h1>{Encode(title)}: not linearizable</h1>\n");
        WriteBody(counterexample, writer);
        writer.Write("</body>\n</html>\n");
    }

    /// <summary>Writes what stands below the title, for a page that has more to say.</summary>
    /// <param name="counterexample">What is drawn.</param>
    /// <param name="writer">Where to.</param>
    internal static void WriteBody(Counterexample counterexample, TextWriter writer)
    {
        var shown = Select(counterexample);
        writer.Write($"<style>\n{ChartStyle}\n</style>\n");
        writer.Write($"<p>No order of the operations in red, each at one moment within its bar, explains their answers. They are {counterexample.Operations.Count} of "
            + $"{counterexample.Context.Count} operations on these keys; what is known of them was cut down to what is needed. Broken lines: the outcome is unknown, the write may take "
            + "effect at any later time or never. Thick lines: one of these would have to come next where the search got stuck, and none can. Blue: others, for context.</p>\n");
        writer.Write("<div class=\"timeline\">\n");
        WriteChart(counterexample, shown, writer);
        writer.Write("</div>\n");
        WriteTable("These contradict each other", counterexample.Operations, writer);
        WriteTable("Explained, in this order", counterexample.Explained, writer);
        WriteTable("One of these would come next", counterexample.Stuck, writer);
    }

    /// <summary>The counter-example's operations, and those around them. What was forgotten of an operation is not shown twice: it takes the place of what was observed.</summary>
    private static List<ClientOperation> Select(Counterexample counterexample)
    {
        var parts = counterexample.Operations.Select(operation => (operation.Client, operation.Begin)).ToHashSet();
        var (start, end) = (counterexample.Operations.Min(operation => operation.Begin), counterexample.Operations.Max(operation => operation.End ?? operation.Begin));
        var context = counterexample.Context
            .Where(operation => !parts.Contains((operation.Client, operation.Begin)) && operation.Begin <= end && (operation.End ?? TimeSpan.MaxValue) >= start)
            .Take(MaxContext);
        return [.. counterexample.Operations.Concat(context).OrderBy(operation => operation.Begin)];
    }

    private static void WriteChart(Counterexample counterexample, List<ClientOperation> shown, TextWriter writer)
    {
        var times = shown.Select(operation => operation.Begin).Concat(shown.Select(operation => operation.End).OfType<TimeSpan>()).Distinct().Order().ToList();
        var lanes = Lanes(shown);
        var width = LabelWidth + ((times.Count + 1) * StepWidth);
        var height = (lanes.Count * LaneHeight) + 40;
        writer.Write($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"timeline\">\n");
        for (var i = 0; i < times.Count; i++)
        {
            var x = XOf(times, times[i]);
            writer.Write($"<line x1=\"{x}\" y1=\"0\" x2=\"{x}\" y2=\"{lanes.Count * LaneHeight}\"/>");
            writer.Write($"<text class=\"time\" x=\"{x}\" y=\"{(lanes.Count * LaneHeight) + (i % 2 == 0 ? 14 : 28)}\">{OperationText.Seconds(times[i])}</text>\n");
        }

        for (var lane = 0; lane < lanes.Count; lane++)
        {
            var y = lane * LaneHeight;
            writer.Write($"<text x=\"6\" y=\"{y + 27}\">client {lanes[lane][0].Client}</text>\n");
            foreach (var operation in lanes[lane])
            {
                WriteBar(counterexample, operation, times, y, width, writer);
            }
        }

        writer.Write("</svg>\n");
    }

    private static void WriteBar(Counterexample counterexample, ClientOperation operation, List<TimeSpan> times, int y, int width, TextWriter writer)
    {
        var kinds = new List<string>();
        AddIf(counterexample.Operations.Contains(operation), "part");
        AddIf(counterexample.Stuck.Contains(operation), "stuck");
        AddIf(operation.Fate == OperationFate.Unknown, "unknown");
        var x = XOf(times, operation.Begin);
        var end = operation.End is { } at && operation.Fate != OperationFate.Unknown ? XOf(times, at) : width - 4;
        var text = $"{OperationText.Request(operation)} → {OperationText.Answer(operation)}";
        var barWidth = Math.Max(6, end - x);
        writer.Write($"<g class=\"{string.Join(' ', kinds)}\"><title>{Encode(OperationText.Describe(operation))}</title>");
        writer.Write($"<rect x=\"{x}\" y=\"{y + 6}\" width=\"{barWidth}\" height=\"{BarHeight}\"/>");

        // An svg within the svg clips its text to the bar; the whole text is in the tooltip and in the tables.
        writer.Write($"<svg x=\"{x}\" y=\"{y + 6}\" width=\"{barWidth}\" height=\"{BarHeight}\"><text x=\"6\" y=\"19\">{Encode(text)}</text></svg></g>\n");

        void AddIf(bool condition, string kind)
        {
            if (condition)
            {
                kinds.Add(kind);
            }
        }
    }

    /// <summary>One lane per client, and more for a client that did several things at a time, or did not wait for one of unknown outcome.</summary>
    private static List<List<ClientOperation>> Lanes(List<ClientOperation> shown)
    {
        var lanes = new List<List<ClientOperation>>();
        foreach (var client in shown.GroupBy(operation => operation.Client).OrderBy(group => group.Key))
        {
            var own = new List<List<ClientOperation>>();
            foreach (var operation in client)
            {
                var free = own.Find(lane => lane[^1].Fate != OperationFate.Unknown && lane[^1].End <= operation.Begin);
                if (free is null)
                {
                    own.Add([operation]);
                }
                else
                {
                    free.Add(operation);
                }
            }

            lanes.AddRange(own);
        }

        return lanes;
    }

    private static int XOf(List<TimeSpan> times, TimeSpan time) => LabelWidth + (times.BinarySearch(time) * StepWidth);

    private static void WriteTable(string title, IReadOnlyList<ClientOperation> operations, TextWriter writer)
    {
        var rows = new StringBuilder();
        foreach (var operation in operations)
        {
            rows.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"n\">{OperationText.Seconds(operation.Begin)}</td><td class=\"n\">{(operation.End is { } end ? OperationText.Seconds(end) : "never")}</td>");
            rows.Append(CultureInfo.InvariantCulture, $"<td>{operation.Client}</td><td>{Encode(OperationText.Request(operation))}</td><td>{Encode(OperationText.Answer(operation))}</td></tr>\n");
        }

        writer.Write($"<h2>{Encode(title)}</h2>\n<table>\n<tr><th>begin (s)</th><th>end (s)</th><th>client</th><th>request</th><th>answer</th></tr>\n{rows}</table>\n");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
