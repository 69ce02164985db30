namespace OrleansStore.Cli.Bench;

/// <summary>What one caller, or all together, counted.</summary>
internal sealed class BenchTally
{
    private long _finished;

    /// <summary>Gets that were served.</summary>
    public LatencyHistogram Gets { get; } = new();

    /// <summary>Puts that were served.</summary>
    public LatencyHistogram Puts { get; } = new();

    /// <summary>Compare-and-sets that were decided, one way or the other: the get and the put together.</summary>
    public LatencyHistogram CompareAndSets { get; } = new();

    /// <summary>Compare-and-sets that came too late: somebody else changed the record in between.</summary>
    public long Conflicts { get; set; }

    /// <summary>Operations that failed, by code.</summary>
    public SortedDictionary<string, long> Errors { get; } = new(StringComparer.Ordinal);

    /// <summary>Operations that failed during the warm-up.</summary>
    public long WarmUpErrors { get; set; }

    /// <summary>Operations that ended up to now, for whoever watches; those of the warm-up as well.</summary>
    public long Finished => Volatile.Read(ref _finished);

    public long ErrorCount => Errors.Values.Sum();

    public void Finish() => Volatile.Write(ref _finished, _finished + 1);

    public void Fail(string code) => Errors[code] = Errors.GetValueOrDefault(code) + 1;

    /// <summary>Adds what another one counted.</summary>
    public void Add(BenchTally other)
    {
        Gets.Add(other.Gets);
        Puts.Add(other.Puts);
        CompareAndSets.Add(other.CompareAndSets);
        Conflicts += other.Conflicts;
        WarmUpErrors += other.WarmUpErrors;
        _finished += other._finished;
        foreach (var (code, count) in other.Errors)
        {
            Errors[code] = Errors.GetValueOrDefault(code) + count;
        }
    }
}
