namespace OrleansStore.Http.Metrics;

/// <summary>Leads the measurements of one instrument to their series. Safe for concurrent use.</summary>
/// <remarks>A measurement whose tags came before costs a hash of them and no allocation.</remarks>
/// <param name="family">The metric.</param>
/// <param name="meterTags">The tags of the instrument's meter.</param>
/// <param name="isObserved">Whether the instrument is read at each scrape.</param>
/// <param name="maxEntries">The most sets of tags remembered; others are looked up by their labels each time.</param>
internal sealed class InstrumentBinding(MetricFamily family, KeyValuePair<string, object?>[] meterTags, bool isObserved, int maxEntries)
{
    private readonly Lock _lock = new();

    // Copied at each change, so that reading takes no lock.
    private Dictionary<int, Entry> _entries = [];

    public MetricFamily Family { get; } = family;

    public bool IsObserved { get; } = isObserved;

    /// <summary>Takes a measurement.</summary>
    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Find(tags);
        if (Family.Kind == MetricKind.Histogram)
        {
            series.Record(value);
        }
        else if (Family.Kind == MetricKind.Gauge && !IsAdded)
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    /// <summary>Whether measurements of a gauge are added up: those of up-down counters are.</summary>
    public bool IsAdded { get; init; }

    private MetricSeries Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = HashOf(tags);
        for (var entry = Volatile.Read(ref _entries).GetValueOrDefault(hash); entry is not null; entry = entry.Next)
        {
            if (entry.Matches(tags))
            {
                return entry.Series;
            }
        }

        var series = Family.SeriesOf(MetricLabels.Of(meterTags, tags));
        Remember(hash, new Entry(tags.ToArray(), series));
        return series;
    }

    private void Remember(int hash, Entry entry)
    {
        lock (_lock)
        {
            if (_entries.Count >= maxEntries)
            {
                return;
            }

            // Two threads may add the same tags; the second entry is never reached, and leads to the same series.
            var copy = new Dictionary<int, Entry>(_entries);
            entry.Next = copy.GetValueOrDefault(hash);
            copy[hash] = entry;
            Volatile.Write(ref _entries, copy);
        }
    }

    private static int HashOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = new HashCode();
        foreach (var tag in tags)
        {
            hash.Add(tag.Key);
            hash.Add(tag.Value);
        }

        return hash.ToHashCode();
    }

    private sealed class Entry(KeyValuePair<string, object?>[] tags, MetricSeries series)
    {
        public MetricSeries Series { get; } = series;

        public Entry? Next { get; set; }

        public bool Matches(ReadOnlySpan<KeyValuePair<string, object?>> others)
        {
            if (others.Length != tags.Length)
            {
                return false;
            }

            for (var i = 0; i < tags.Length; i++)
            {
                if (tags[i].Key != others[i].Key || !Equals(tags[i].Value, others[i].Value))
                {
                    return false;
                }
            }

            return true;
        }
    }
}
