namespace OrleansStore.Cli.Bench;

/// <summary>What the callers of a benchmark do.</summary>
internal enum BenchMix
{
    /// <summary>Puts.</summary>
    Put = 1,

    /// <summary>Linearizable gets.</summary>
    Get = 2,

    /// <summary>Gets and puts, in a given ratio.</summary>
    Mixed = 3,

    /// <summary>Compare-and-set: a get, and a put on the condition that the revision is still the one read. Both together are one operation.</summary>
    Cas = 4,
}
