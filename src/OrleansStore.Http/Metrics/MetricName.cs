using System.Diagnostics.Metrics;
using System.Text;

namespace OrleansStore.Http.Metrics;

/// <summary>How an instrument is called in the text format: <c>orleansstore.log.append.duration</c> in <c>s</c> becomes <c>orleansstore_log_append_duration_seconds</c>.</summary>
internal static class MetricName
{
    private const string CounterSuffix = "_total";

    private static readonly double[] SecondBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private static readonly double[] MillisecondBounds = [.. SecondBounds.Select(s => s * 1000)];
    private static readonly double[] ByteBounds = [.. Enumerable.Range(0, 10).Select(i => 64 * Math.Pow(4, i))];
    private static readonly double[] CountBounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

    /// <summary>The name of a metric: the instrument's name and unit, and <c>_total</c> for counters; each at most once.</summary>
    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = new StringBuilder(Sanitize(instrument.Name));
        if (UnitOf(instrument.Unit) is { } unit && !EndsWith(name, unit))
        {
            name.Append('_').Append(unit);
        }

        if (kind == MetricKind.Counter && !EndsWith(name, "total"))
        {
            name.Append(CounterSuffix);
        }

        return name.ToString();
    }

    /// <summary>A name of which every character may stand in a metric or label name; others become underscores.</summary>
    public static string Sanitize(string text)
    {
        var name = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            name.Append(char.IsAsciiLetterOrDigit(c) ? c : '_');
        }

        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            name.Insert(0, '_');
        }

        return name.ToString();
    }

    /// <summary>The bounds of a histogram's buckets, ascending: the instrument's own, or those of its unit.</summary>
    public static double[] BoundsOf(Instrument instrument)
    {
        var advised = instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
            Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
            Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(b => (double)b)],
            _ => Array.Empty<double>(),
        };
        return advised.Length > 0 ? advised : instrument.Unit switch
        {
            "s" => SecondBounds,
            "ms" => MillisecondBounds,
            "By" => ByteBounds,
            _ => CountBounds,
        };
    }

    private static bool EndsWith(StringBuilder name, string suffix) =>
        name.Length > suffix.Length && name.ToString().EndsWith("_" + suffix, StringComparison.Ordinal);

    // An annotation in braces says what is counted, which the name does already.
    private static string? UnitOf(string? unit) => unit switch
    {
        null or "" or "1" => null,
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "By" => "bytes",
        "By/s" => "bytes_per_second",
        "%" => "percent",
        _ => unit[0] == '{' ? null : Sanitize(unit),
    };
}
