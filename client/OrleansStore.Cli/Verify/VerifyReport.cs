using OrleansStore.Cli.Rendering;
using OrleansStore.Cli.Sessions;
using OrleansStore.Verification.Nemesis;
using OrleansStore.Verification.Nemesis.Statistics;

namespace OrleansStore.Cli.Verify;

/// <summary>Tells what a verification found.</summary>
internal static class VerifyReport
{
    public static void Write(CliSession session, NemesisReport report, VerifyPlan plan)
    {
        if (session.IsJson)
        {
            session.WriteJson(json => VerifyJson.Write(json, report, plan));
        }
        else
        {
            WriteText(session.Output, report, plan);
        }
    }

    /// <summary>The name of a row of impacts.</summary>
    public static string NameOf(FaultImpact impact) => impact.Kind is { } kind ? FaultList.WordOf(kind) : "before any";

    private static void WriteText(TextWriter output, NemesisReport report, VerifyPlan plan)
    {
        output.WriteLine($"{report.Target}; {report.Options.Clients} clients, {LoadOf(report)}, {report.Worked.TotalSeconds:F0} s");
        output.WriteLine();
        WriteImpacts(output, report);
        output.WriteLine();
        WriteOperations(output, report);
        output.WriteLine();
        output.WriteLine(
            $"{report.History.Operations:N0} operations checked in {report.History.Parts:N0} parts; {report.Repeats:N0} writes sent again under their id; " +
            $"after the last fault every client was answered within {Seconds(report.Recovery)} s");
        foreach (var sentence in report.History.LostWrites.Concat(report.Contradictions).Concat(report.NotRecovered))
        {
            output.WriteLine(TerminalText.Plain(sentence));
        }

        if (report.History.Counterexample is { } counterexample)
        {
            foreach (var line in counterexample.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                output.WriteLine(TerminalText.Plain(line));
            }
        }

        output.WriteLine($"again: {plan.Command}");
        output.WriteLine(report.Verdict);
    }

    private static void WriteImpacts(TextWriter output, NemesisReport report)
    {
        var table = new TextTable("fault", "#times", "#worst gap s", "#worst latency s", "#silence s", "#answered", "errors");
        foreach (var impact in report.Impacts)
        {
            var errors = string.Join(", ", impact.Errors.Select(error => $"{error.Value:N0} {Failures.NameOf(error.Key)}"));
            table.Add(
                NameOf(impact),
                impact.Kind is null ? "" : $"{impact.Count}",
                Seconds(impact.WorstGap),
                Seconds(impact.WorstLatency),
                Seconds(impact.LongestSilence),
                $"{impact.Answered:N0}",
                errors.Length == 0 ? "none" : errors);
        }

        table.WriteTo(output);
    }

    private static void WriteOperations(TextWriter output, NemesisReport report)
    {
        var table = new TextTable("operation", "#answered", "#rejected", "#unknown", "#failed", "#p50 ms", "#p99 ms", "#max ms");
        foreach (var row in report.Operations)
        {
            table.Add(
                row.Name, $"{row.Answered:N0}", $"{row.Rejected:N0}", $"{row.Unknown:N0}", $"{row.Failed:N0}", Milliseconds(row.P50), Milliseconds(row.P99), Milliseconds(row.Max));
        }

        table.WriteTo(output);
    }

    private static string LoadOf(NemesisReport report) => report switch
    {
        { MeasuredMaximum: { } maximum, Rate: { } rate } => $"{rate:N0} operations/s, half of {maximum:N0}",
        { Rate: { } rate } => $"{rate:N0} operations/s",
        _ => "as fast as they are answered",
    };

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:F2}";

    private static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds:F1}";
}
