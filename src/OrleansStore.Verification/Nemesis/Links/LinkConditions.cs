namespace OrleansStore.Verification.Nemesis.Links;

/// <summary>What a link between datacenters is like while nothing is wrong with it. Immutable. The default is one that adds nothing.</summary>
public sealed record LinkConditions
{
    /// <summary>How long bytes travel, one way; not negative. A round trip takes twice that.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How much longer, at most, drawn anew for each piece; not negative. Pieces do not overtake each other: they travel in TCP.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How many bytes a second one direction of a connection carries; null for no limit, else above 0.</summary>
    public long? BytesPerSecond { get; init; }

    internal bool AddsNothing => Delay == TimeSpan.Zero && Jitter == TimeSpan.Zero && BytesPerSecond is null;
}
