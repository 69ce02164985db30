namespace OrleansStore.Http.Metrics;

/// <summary>The values of one metric under one set of labels. Safe for concurrent use.</summary>
/// <param name="labels">The labels as the text format writes them, without braces; empty for none.</param>
/// <param name="bounds">The bounds of a histogram's buckets, ascending; empty for other kinds.</param>
internal sealed class MetricSeries(string labels, double[] bounds)
{
    // One more than bounds: what lies above the last. Not used by other kinds.
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _value;
    private bool _isSet;

    /// <summary>The labels as the text format writes them.</summary>
    public string Labels { get; } = labels;

    /// <summary>The bounds of the buckets.</summary>
    public double[] Bounds { get; } = bounds;

    /// <summary>The sum of a counter or histogram, the last value of a gauge.</summary>
    public double Value => Volatile.Read(ref _value);

    /// <summary>Whether there is a value. One that is observed at each scrape has none where the last scrape brought none.</summary>
    public bool IsSet => Volatile.Read(ref _isSet);

    /// <summary>Forgets an observed value, before the next observation.</summary>
    public void Clear()
    {
        Volatile.Write(ref _isSet, false);
        Volatile.Write(ref _value, 0);
    }

    /// <summary>Adds to the value.</summary>
    public void Add(double amount)
    {
        var seen = Volatile.Read(ref _value);
        while (true)
        {
            var found = Interlocked.CompareExchange(ref _value, seen + amount, seen);
            if (found.Equals(seen))
            {
                break;
            }

            seen = found;
        }

        Volatile.Write(ref _isSet, true);
    }

    /// <summary>Replaces the value.</summary>
    public void Set(double value)
    {
        Volatile.Write(ref _value, value);
        Volatile.Write(ref _isSet, true);
    }

    /// <summary>Counts a value of a histogram.</summary>
    public void Record(double value)
    {
        // A value that is no number would make the sum none for good.
        if (!double.IsFinite(value))
        {
            return;
        }

        var i = 0;
        while (i < Bounds.Length && value > Bounds[i])
        {
            i++;
        }

        Interlocked.Increment(ref _buckets[i]);
        Add(value);
    }

    /// <summary>How many values a bucket holds, not counting those of smaller buckets.</summary>
    /// <param name="bucket">In [0, number of bounds].</param>
    public long CountIn(int bucket) => Volatile.Read(ref _buckets[bucket]);
}
