using System.Collections.Concurrent;

namespace OrleansStore.Http.Metrics;

/// <summary>One metric of the text format: all series of one name. Instruments with equal names share it. Safe for concurrent use.</summary>
/// <param name="name">The name.</param>
/// <param name="kind">The type.</param>
/// <param name="help">What it measures.</param>
/// <param name="bounds">The bounds of a histogram's buckets; empty for other kinds.</param>
/// <param name="maxSeries">The most series; what exceeds them falls into one.</param>
internal sealed class MetricFamily(string name, MetricKind kind, string help, double[] bounds, int maxSeries)
{
    private const string OverflowLabels = "overflow=\"true\"";

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);

    public string Name { get; } = name;

    public MetricKind Kind { get; } = kind;

    public string Help { get; } = help;

    /// <summary>The series, ordered by labels.</summary>
    public IEnumerable<MetricSeries> Series => _series.Values.OrderBy(s => s.Labels, StringComparer.Ordinal);

    /// <summary>Finds or creates the series of a set of labels.</summary>
    /// <param name="labels">The labels as the text format writes them, ordered by name.</param>
    public MetricSeries SeriesOf(string labels) =>
        _series.TryGetValue(labels, out var series) ? series
        : _series.GetOrAdd(_series.Count < maxSeries ? labels : OverflowLabels, key => new MetricSeries(key, bounds));
}
