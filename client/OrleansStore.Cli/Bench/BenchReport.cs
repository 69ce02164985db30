using System.Text.Json;
using OrleansStore.Cli.Rendering;
using OrleansStore.Cli.Sessions;

namespace OrleansStore.Cli.Bench;

/// <summary>Writes what a benchmark measured.</summary>
internal static class BenchReport
{
    private static readonly (string Title, string Name, double Share)[] Percentiles =
        [("p50", "p50", 0.5), ("p90", "p90", 0.9), ("p99", "p99", 0.99), ("p99.9", "p999", 0.999)];

    public static void Write(CliSession session, BenchResult result)
    {
        if (session.IsJson)
        {
            session.WriteJson(json => WriteJson(json, result));
        }
        else
        {
            WriteText(session.Output, result);
        }
    }

    private static void WriteText(TextWriter output, BenchResult result)
    {
        var plan = result.Plan;
        output.WriteLine(
            $"{Lower(plan.Mix)}: {plan.Callers} callers on {plan.Connections} connections to {string.Join(", ", plan.Endpoints.Select(Origin))} ({Lower(plan.Driver)}); " +
            $"{plan.KeyCount:N0} keys, {Lower(plan.Distribution)}; values of {plan.ValueBytes:N0} bytes");
        output.WriteLine(
            $"{result.OperationsPerSecond:N0} operations/s: {result.Latency.Count:N0} in {result.Counted.TotalSeconds:F2} s{(result.WasStopped ? ", stopped early" : "")}; " +
            $"this tool used {result.ProcessorMicroseconds:F1} us of processor for each");
        output.WriteLine();
        var table = new TextTable(["latency in ms", "#count", "#mean", .. Percentiles.Select(percentile => "#" + percentile.Title), "#max"]);
        foreach (var (name, histogram) in Rows(result).Where(row => row.Histogram.Count > 0))
        {
            table.Add([name, $"{histogram.Count:N0}", Milliseconds(histogram.Mean), .. Percentiles.Select(p => Milliseconds(histogram.Percentile(p.Share))), Milliseconds(histogram.Max)]);
        }

        table.WriteTo(output);
        output.WriteLine();
        if (plan.Mix == BenchMix.Cas)
        {
            output.WriteLine($"conflicts: {result.Tally.Conflicts:N0}");
        }

        var errors = result.Tally.Errors.Select(error => $"{error.Value:N0} {error.Key}").ToList();
        if (result.Tally.WarmUpErrors > 0)
        {
            errors.Add($"{result.Tally.WarmUpErrors:N0} during the warm-up");
        }

        output.WriteLine($"errors: {(errors.Count == 0 ? "none" : string.Join(", ", errors))}");
    }

    private static void WriteJson(Utf8JsonWriter json, BenchResult result)
    {
        var plan = result.Plan;
        json.WriteString("mix"u8, Lower(plan.Mix));
        json.WriteString("driver"u8, Lower(plan.Driver));
        json.WriteStartArray("endpoints"u8);
        foreach (var endpoint in plan.Endpoints)
        {
            json.WriteStringValue(Origin(endpoint));
        }

        json.WriteEndArray();
        json.WriteNumber("callers"u8, plan.Callers);
        json.WriteNumber("connections"u8, plan.Connections);
        json.WriteNumber("keys"u8, plan.KeyCount);
        json.WriteString("distribution"u8, Lower(plan.Distribution));
        json.WriteNumber("valueBytes"u8, plan.ValueBytes);
        if (plan.Mix == BenchMix.Mixed)
        {
            json.WriteNumber("ratio"u8, plan.ReadRatio);
        }

        json.WriteNumber("seed"u8, plan.Seed);
        json.WriteNumber("seconds"u8, Math.Round(result.Counted.TotalSeconds, 3));
        json.WriteBoolean("stoppedEarly"u8, result.WasStopped);
        json.WriteNumber("operations"u8, result.Latency.Count);
        json.WriteNumber("operationsPerSecond"u8, Math.Round(result.OperationsPerSecond, 1));
        json.WriteNumber("toolProcessorUs"u8, Math.Round(result.ProcessorMicroseconds, 2));
        json.WriteStartObject("latencyMs"u8);
        foreach (var (name, histogram) in Rows(result).Where(row => row.Histogram.Count > 0))
        {
            WriteHistogram(json, name, histogram);
        }

        json.WriteEndObject();
        json.WriteNumber("conflicts"u8, result.Tally.Conflicts);
        json.WriteStartObject("errors"u8);
        foreach (var (code, count) in result.Tally.Errors)
        {
            json.WriteNumber(code, count);
        }

        json.WriteEndObject();
        json.WriteNumber("warmUpErrors"u8, result.Tally.WarmUpErrors);
    }

    private static void WriteHistogram(Utf8JsonWriter json, string name, LatencyHistogram histogram)
    {
        json.WriteStartObject(name);
        json.WriteNumber("count"u8, histogram.Count);
        json.WriteNumber("mean"u8, histogram.Mean.TotalMilliseconds);
        foreach (var percentile in Percentiles)
        {
            json.WriteNumber(percentile.Name, histogram.Percentile(percentile.Share).TotalMilliseconds);
        }

        json.WriteNumber("max"u8, histogram.Max.TotalMilliseconds);
        json.WriteEndObject();
    }

    // Kinds of operations stand apart only where there is more than one.
    private static IEnumerable<(string Name, LatencyHistogram Histogram)> Rows(BenchResult result) => result.Plan.Mix == BenchMix.Mixed
        ? [("all", result.Latency), ("get", result.Tally.Gets), ("put", result.Tally.Puts)]
        : [("all", result.Latency)];

    private static string Origin(Uri endpoint) => endpoint.GetLeftPart(UriPartial.Authority);

    private static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds:F2}";

    private static string Lower<T>(T value)
        where T : struct, Enum => ChoiceOf<T>.WordOf(value);
}
