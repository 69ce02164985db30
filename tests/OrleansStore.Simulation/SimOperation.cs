namespace OrleansStore.Simulation;

/// <summary>What a client asked for.</summary>
internal enum SimOperationKind
{
    Get = 1,
    Put = 2,
    Delete = 3,

    /// <summary>Puts a value if the key has the value that the client saw last; a value of 0 stands for no record.</summary>
    CompareAndSet = 4,
}

/// <summary>How the operation ended for its client.</summary>
internal enum SimOutcome
{
    /// <summary>Not yet, or it may or may not take effect.</summary>
    Unknown = 1,

    /// <summary>It took effect; a get has seen <see cref="SimOperation.Value"/>.</summary>
    Ok = 2,

    /// <summary>It was tried and its condition did not hold.</summary>
    Rejected = 3,

    /// <summary>It did not and will not take effect.</summary>
    Failed = 4,
}

/// <summary>One operation of a client: when it began and ended, and what came of it.</summary>
internal sealed class SimOperation
{
    public required SimOperationKind Kind { get; init; }

    public required int Key { get; init; }

    /// <summary>What was put, or what a get saw; 0 for no record.</summary>
    public ulong Value { get; set; }

    /// <summary>What a compare-and-set expected; 0 for no record.</summary>
    public ulong Expected { get; init; }

    public required TimeSpan Begin { get; init; }

    public TimeSpan End { get; set; } = TimeSpan.MaxValue;

    public SimOutcome Outcome { get; set; } = SimOutcome.Unknown;

    public override string ToString() => $"[{Begin.TotalSeconds:0.000}, {(End == TimeSpan.MaxValue ? "never" : End.TotalSeconds.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture))}] {Kind} key {Key} value {Value} expected {Expected}: {Outcome}";
}
