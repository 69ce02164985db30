using System.Collections.Immutable;

namespace OrleansStore;

/// <summary>The fate of a write. Immutable.</summary>
/// <param name="Status">What happened.</param>
/// <param name="Revision">For <see cref="WriteStatus.Applied"/> the revision of the changes (of the state, if there were none); for other answers of a
/// state machine the bucket's revision when the request was decided; else <see cref="Revision.None"/>.</param>
public sealed record WriteResult(WriteStatus Status, Revision Revision)
{
    /// <summary>The index of the first guard that failed; null unless the status is <see cref="WriteStatus.PreconditionFailed"/>.</summary>
    public int? FailedGuard { get; init; }

    /// <summary>One outcome per operation, in their order; empty unless the status is <see cref="WriteStatus.Applied"/> or <see cref="WriteStatus.NotFound"/>.</summary>
    public ImmutableArray<OperationOutcome> Operations { get; init; } = [];

    /// <summary>How many full copies held the write durably when it was answered; 0 where that is not known.</summary>
    public int DurableCopies { get; init; }

    /// <summary>When a retry makes sense, counted from the answer; null where there is no advice.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Compares all members, the outcomes one by one.</summary>
    public bool Equals(WriteResult? other) =>
        other is not null &&
        Status == other.Status &&
        Revision == other.Revision &&
        FailedGuard == other.FailedGuard &&
        DurableCopies == other.DurableCopies &&
        RetryAfter == other.RetryAfter &&
        Operations.AsSpan().SequenceEqual(other.Operations.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked(((int)Status * 397) ^ (int)Revision.Value ^ (Operations.Length << 16));
}
