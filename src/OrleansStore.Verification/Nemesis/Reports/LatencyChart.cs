using System.Globalization;
using System.Text;
using OrleansStore.Verification.Nemesis.Statistics;

namespace OrleansStore.Verification.Nemesis.Reports;

/// <summary>Draws latency over time, with the faults behind it, as SVG: median, 99th percentile and maximum of each second on a logarithmic scale, and below what was answered and what was not.</summary>
internal sealed class LatencyChart
{
    private const int Width = 1080;
    private const int Left = 64;
    private const int Right = 12;
    private const int BandTop = 18;
    private const int LatencyTop = 34;
    private const int LatencyBottom = 274;
    private const int CountTop = 300;
    private const int CountBottom = 364;
    private const int Height = 388;
    private const double MinMilliseconds = 0.1;

    // A time axis has about this many marks.
    private const int Marks = 10;
    private static readonly int[] MarkSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

    private readonly NemesisReport _report;
    private readonly double _seconds;
    private readonly double _maxMilliseconds;
    private readonly StringBuilder _svg = new();

    private LatencyChart(NemesisReport report)
    {
        _report = report;
        _seconds = Math.Max(report.Worked.TotalSeconds, 1);

        // Up to the next power of ten, and one decade at least.
        var longest = report.Seconds.Select(second => second.Max.TotalMilliseconds).DefaultIfEmpty(1).Max();
        _maxMilliseconds = Math.Pow(10, Math.Ceiling(Math.Log10(Math.Max(longest, 10 * MinMilliseconds))));
    }

    /// <summary>Draws the chart of a run.</summary>
    public static string Draw(NemesisReport report)
    {
        var chart = new LatencyChart(report);
        chart.Write($"<svg class=\"latency\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"latency over time\">\n");
        chart.DrawFaults();
        chart.DrawLatencyAxis();
        chart.DrawTimeAxis();
        chart.DrawLine("max", second => second.Max);
        chart.DrawLine("p99", second => second.P99);
        chart.DrawLine("p50", second => second.P50);
        chart.DrawCounts();
        chart.Write($"</svg>\n");
        return chart._svg.ToString();
    }

    private void DrawFaults()
    {
        foreach (var fault in _report.Faults)
        {
            var (start, end) = (XOf(fault.Injected.TotalSeconds), XOf(fault.Healed.TotalSeconds));
            Write($"<g class=\"fault f{(int)fault.Event.Kind}\"><title>{FaultText.Describe(fault)}</title>");
            Write($"<rect x=\"{start:0.#}\" y=\"{BandTop}\" width=\"{Math.Max(end - start, 1.5):0.#}\" height=\"{CountBottom - BandTop}\"/></g>\n");
        }
    }

    private void DrawLatencyAxis()
    {
        for (var value = MinMilliseconds; value <= _maxMilliseconds * 1.01; value *= 10)
        {
            var y = YOf(TimeSpan.FromMilliseconds(value));
            Write($"<line class=\"grid\" x1=\"{Left}\" y1=\"{y:0.#}\" x2=\"{Width - Right}\" y2=\"{y:0.#}\"/>");
            Write($"<text class=\"tick end\" x=\"{Left - 6}\" y=\"{y + 4:0.#}\">{(value >= 1000 ? $"{value / 1000:0.#} s" : $"{value:0.#} ms")}</text>\n");
        }
    }

    private void DrawTimeAxis()
    {
        var step = MarkSteps.FirstOrDefault(step => _seconds / step <= Marks, MarkSteps[^1]);
        for (var at = 0; at <= _seconds; at += step)
        {
            var x = XOf(at);
            Write($"<line class=\"grid\" x1=\"{x:0.#}\" y1=\"{LatencyTop}\" x2=\"{x:0.#}\" y2=\"{CountBottom}\"/>");
            Write($"<text class=\"tick middle\" x=\"{x:0.#}\" y=\"{Height - 8}\">{(step >= 60 ? $"{at / 60.0:0.#} min" : $"{at} s")}</text>\n");
        }
    }

    /// <summary>One line, broken where nothing was answered.</summary>
    private void DrawLine(string name, Func<LatencySecond, TimeSpan> value)
    {
        var path = new StringBuilder();
        var isDown = false;
        for (var i = 0; i < _report.Seconds.Count; i++)
        {
            var second = _report.Seconds[i];
            if (second.Answered > 0)
            {
                path.Append(CultureInfo.InvariantCulture, $"{(isDown ? 'L' : 'M')}{XOf(Math.Min(i + 0.5, _seconds)):0.#} {YOf(value(second)):0.#}");
            }

            isDown = second.Answered > 0;
        }

        Write($"<path class=\"line {name}\" d=\"{path}\"/>\n");
    }

    private void DrawCounts()
    {
        var most = Math.Max(_report.Seconds.Select(second => second.Answered + second.Failed).DefaultIfEmpty(1).Max(), 1);
        var width = Math.Max(XOf(1) - XOf(0) - 0.4, 0.6);
        for (var i = 0; i < _report.Seconds.Count; i++)
        {
            var second = _report.Seconds[i];
            var (answered, failed) = (HeightOf(second.Answered), HeightOf(second.Failed));
            Write($"<rect class=\"answered\" x=\"{XOf(i):0.#}\" y=\"{CountBottom - answered:0.#}\" width=\"{width:0.##}\" height=\"{answered:0.#}\"/>");
            if (second.Failed > 0)
            {
                // One failure among thousands is to be seen.
                var height = Math.Max(failed, 2);
                Write($"<rect class=\"failed\" x=\"{XOf(i):0.#}\" y=\"{CountBottom - answered - height:0.#}\" width=\"{Math.Max(width, 1.5):0.##}\" height=\"{height:0.#}\"/>");
            }
        }

        Write($"\n<text class=\"tick end\" x=\"{Left - 6}\" y=\"{CountTop + 8}\">{most:N0}/s</text>\n");

        double HeightOf(int count) => (double)count / most * (CountBottom - CountTop);
    }

    private double XOf(double second) => Left + (second / _seconds * (Width - Left - Right));

    private double YOf(TimeSpan latency)
    {
        var share = Math.Log10(Math.Max(latency.TotalMilliseconds, MinMilliseconds) / MinMilliseconds) / Math.Log10(_maxMilliseconds / MinMilliseconds);
        return LatencyBottom - (share * (LatencyBottom - LatencyTop));
    }

    private void Write(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
