using System.Globalization;
using System.Text;

namespace OrleansStore.Http.Metrics;

/// <summary>Writes the Prometheus text format, version 0.0.4.</summary>
internal sealed class PrometheusWriter
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>Writes a metric with all its series; nothing where no series has a value.</summary>
    public void Write(MetricFamily family)
    {
        var isFirst = true;
        foreach (var series in family.Series)
        {
            if (!series.IsSet)
            {
                continue;
            }

            if (isFirst)
            {
                WriteHead(family.Name, family.Kind, family.Help);
                isFirst = false;
            }

            if (family.Kind == MetricKind.Histogram)
            {
                WriteHistogram(family.Name, series);
            }
            else
            {
                WriteLine(family.Name, series.Labels, series.Value);
            }
        }
    }

    /// <summary>Writes a metric of one value.</summary>
    public void Write(string name, MetricKind kind, string help, double value)
    {
        WriteHead(name, kind, help);
        WriteLine(name, string.Empty, value);
    }

    /// <summary>Everything written, as UTF-8.</summary>
    public byte[] Finish() => Encoding.UTF8.GetBytes(_text.ToString());

    private void WriteHead(string name, MetricKind kind, string help)
    {
        var escaped = help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        _text.Append("# HELP ").Append(name).Append(' ').Append(escaped).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Gauge => "gauge",
            _ => "histogram",
        }).Append('\n');
    }

    // The count is the sum of the buckets that were read, so that a scrape agrees with itself while values come in.
    private void WriteHistogram(string name, MetricSeries series)
    {
        var separator = series.Labels.Length == 0 ? string.Empty : ",";
        long count = 0;
        for (var i = 0; i < series.Bounds.Length; i++)
        {
            count += series.CountIn(i);
            WriteLine(name + "_bucket", $"{series.Labels}{separator}le=\"{Format(series.Bounds[i])}\"", count);
        }

        count += series.CountIn(series.Bounds.Length);
        WriteLine(name + "_bucket", $"{series.Labels}{separator}le=\"+Inf\"", count);
        WriteLine(name + "_sum", series.Labels, series.Value);
        WriteLine(name + "_count", series.Labels, count);
    }

    private void WriteLine(string name, string labels, double value)
    {
        _text.Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(Format(value)).Append('\n');
    }

    private static string Format(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
