namespace OrleansStore.Datacenters.Links;

/// <summary>How far a peer's wall clock is from ours.</summary>
/// <param name="Skew">The peer's clock minus ours.</param>
/// <param name="Error">How far off the estimate can be, to either side; not negative.</param>
internal readonly record struct ClockEstimate(TimeSpan Skew, TimeSpan Error)
{
    /// <summary>Whether the clocks differ by more than <paramref name="bound"/> for certain.</summary>
    public bool IsBeyond(TimeSpan bound) => Skew.Duration() - Error > bound;
}
