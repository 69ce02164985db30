namespace OrleansStore.Http.Metrics;

/// <summary>The types of the Prometheus text format that instruments become.</summary>
internal enum MetricKind
{
    /// <summary>Only rises.</summary>
    Counter = 1,

    /// <summary>Rises and falls.</summary>
    Gauge = 2,

    /// <summary>Counts values by size.</summary>
    Histogram = 3,
}
