using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OrleansStore.Http.Metrics;

/// <summary>Collects the instruments of all meters of this product for one datacenter. Safe for concurrent use, one scrape at a time.</summary>
/// <remarks>Several datacenters may live in one process: a meter with the tag <c>datacenter</c> belongs to that one, a meter without it to all.</remarks>
internal sealed class MetricCollector : IDisposable
{
    private const string MeterPrefix = "OrleansStore";
    private const string DatacenterTag = "datacenter";

    private readonly string _datacenter;
    private readonly int _maxSeries;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<InstrumentBinding, bool> _bindings = new();
    private readonly SemaphoreSlim _turn = new(1);
    private long _failures;

    /// <summary>Begins to collect.</summary>
    /// <param name="datacenter">The datacenter whose meters are wanted.</param>
    /// <param name="maxSeries">The most series of one metric.</param>
    public MetricCollector(string datacenter, int maxSeries)
    {
        _datacenter = datacenter;
        _maxSeries = maxSeries;
        _listener.InstrumentPublished = (instrument, listener) => Publish(instrument, listener);
        _listener.MeasurementsCompleted = (instrument, state) => _bindings.TryRemove((InstrumentBinding)state!, out _);
        _listener.SetMeasurementEventCallback<byte>(static (_, value, tags, state) => Measure(state, value, tags));
        _listener.SetMeasurementEventCallback<short>(static (_, value, tags, state) => Measure(state, value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Measure(state, value, tags));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Measure(state, value, tags));
        _listener.SetMeasurementEventCallback<float>(static (_, value, tags, state) => Measure(state, value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Measure(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>(static (_, value, tags, state) => Measure(state, (double)value, tags));
        _listener.Start();
    }

    /// <summary>Instruments that could not be read or shown, since the start.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Reads what is observed, and hands out all metrics, ordered by name, while nobody else does.</summary>
    /// <param name="write">Writes them.</param>
    /// <param name="cancellationToken">Ends the waiting for a scrape under way.</param>
    public async Task ScrapeAsync(Action<IEnumerable<MetricFamily>> write, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            Observe();
            write(_families.Values.OrderBy(f => f.Name, StringComparer.Ordinal));
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _turn.Dispose();
    }

    private static void Measure(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((InstrumentBinding)state!).Measure(value, tags);

    private void Observe()
    {
        foreach (var (binding, _) in _bindings)
        {
            if (binding.IsObserved)
            {
                foreach (var series in binding.Family.Series)
                {
                    series.Clear();
                }
            }
        }

        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException e)
        {
            // The callbacks belong to others; one that throws must not hide the metrics of the rest.
            Interlocked.Add(ref _failures, e.InnerExceptions.Count);
        }
    }

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!IsOurs(instrument.Meter) || KindOf(instrument) is not { } kind)
        {
            return;
        }

        var name = MetricName.Of(instrument, kind);
        var family = _families.GetOrAdd(
            name,
            key => new MetricFamily(key, kind, instrument.Description ?? string.Empty, kind == MetricKind.Histogram ? MetricName.BoundsOf(instrument) : [], _maxSeries));
        if (family.Kind != kind)
        {
            // Two types under one name cannot be shown.
            Interlocked.Increment(ref _failures);
            return;
        }

        var binding = new InstrumentBinding(family, [.. instrument.Meter.Tags ?? []], instrument.IsObservable, _maxSeries) { IsAdded = IsAdded(instrument) };
        _bindings.TryAdd(binding, true);
        listener.EnableMeasurementEvents(instrument, binding);
    }

    private bool IsOurs(Meter meter)
    {
        if (meter.Name != MeterPrefix && !meter.Name.StartsWith(MeterPrefix + ".", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var tag in meter.Tags ?? [])
        {
            if (tag.Key == DatacenterTag)
            {
                return Equals(tag.Value, _datacenter);
            }
        }

        return true;
    }

    private static bool IsAdded(Instrument instrument) => GenericOf(instrument) == typeof(UpDownCounter<>) || GenericOf(instrument) == typeof(ObservableUpDownCounter<>);

    private static MetricKind? KindOf(Instrument instrument)
    {
        var type = GenericOf(instrument);
        return type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : type == typeof(Histogram<>) ? MetricKind.Histogram
            : type == typeof(Gauge<>) || type == typeof(ObservableGauge<>) || IsAdded(instrument) ? MetricKind.Gauge
            : null;
    }

    private static Type? GenericOf(Instrument instrument) =>
        instrument.GetType() is { IsGenericType: true } type ? type.GetGenericTypeDefinition() : null;
}
