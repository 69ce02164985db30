namespace OrleansStore.Cli.Bench;

/// <summary>What a benchmark does. Checked where the arguments are read.</summary>
internal sealed record BenchPlan
{
    public required BenchMix Mix { get; init; }

    /// <summary>The share of gets in <see cref="BenchMix.Mixed"/>, in [0, 1].</summary>
    public required double ReadRatio { get; init; }

    public required KeyDistribution Distribution { get; init; }

    /// <summary>How many keys there are, in [1, <see cref="BenchKeys.MaxCount"/>].</summary>
    public required int KeyCount { get; init; }

    /// <summary>What every key begins with.</summary>
    public required ReadOnlyMemory<byte> KeyPrefix { get; init; }

    /// <summary>How many callers there are, each with one request at a time.</summary>
    public required int Callers { get; init; }

    /// <summary>How many connections they share, at most as many as there are callers.</summary>
    public required int Connections { get; init; }

    /// <summary>The length of every value in bytes.</summary>
    public required int ValueBytes { get; init; }

    public required TimeSpan WarmUp { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Where the requests go; connections are dealt out over them in turn.</summary>
    public required IReadOnlyList<Uri> Endpoints { get; init; }

    /// <summary>How long a request may take.</summary>
    public required TimeSpan Timeout { get; init; }

    public required BenchDriverKind Driver { get; init; }

    /// <summary>What the choices of operations and keys follow from.</summary>
    public required ulong Seed { get; init; }
}
