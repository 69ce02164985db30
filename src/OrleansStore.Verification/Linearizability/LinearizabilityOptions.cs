namespace OrleansStore.Verification.Linearizability;

/// <summary>Bounds of a check. The defaults decide histories of tens of thousands of operations in seconds.</summary>
public sealed record LinearizabilityOptions
{
    /// <summary>Steps tried per component before it is given up as <see cref="LinearizabilityVerdict.Undecided"/>, and once more for making a counter-example small; above 0. 5 million by
    /// default.</summary>
    public long MaxStepsPerComponent { get; init; } = 5_000_000;

    /// <summary>Searches spent on making a counter-example small; 0 to leave it as it is. 2,000 by default.</summary>
    public int MaxShrinkSearches { get; init; } = 2_000;
}
