using System.Collections.Immutable;

namespace OrleansStore.Client;

/// <summary>What became of a write: one of <see cref="Applied"/>, <see cref="PreconditionFailed"/> and <see cref="Unknown"/>, and nothing else.</summary>
/// <remarks>The three do not fold into a boolean on purpose. <see cref="Match{T}"/> handles each; <see cref="ThrowIfNotApplied"/> is for callers to whom only the first is any good.</remarks>
public abstract record WriteOutcome
{
    // Only the nested types derive from this one, so that a switch over them is complete.
    private WriteOutcome(RequestId requestId) => RequestId = requestId;

    /// <summary>What makes copies of the write one write; for <see cref="IStore.GetOutcomeAsync"/>.</summary>
    public RequestId RequestId { get; }

    /// <summary>Calls the function of what happened and returns its result.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="applied">The write took effect.</param>
    /// <param name="preconditionFailed">A guard did not hold; nothing changed.</param>
    /// <param name="unknown">The write may or may not take effect.</param>
    public T Match<T>(Func<Applied, T> applied, Func<PreconditionFailed, T> preconditionFailed, Func<Unknown, T> unknown)
    {
        ArgumentNullException.ThrowIfNull(applied);
        ArgumentNullException.ThrowIfNull(preconditionFailed);
        ArgumentNullException.ThrowIfNull(unknown);
        return this switch
        {
            Applied outcome => applied(outcome),
            PreconditionFailed outcome => preconditionFailed(outcome),
            _ => unknown((Unknown)this),
        };
    }

    /// <summary>Returns the outcome of an applied write; every other one is thrown.</summary>
    /// <exception cref="StoreException">With <see cref="ErrorCode.PreconditionFailed"/> or <see cref="ErrorCode.OutcomeUnknown"/>.</exception>
    public Applied ThrowIfNotApplied() => this switch
    {
        Applied applied => applied,
        PreconditionFailed => throw new StoreException(ErrorCode.PreconditionFailed, "A precondition of the write did not hold; nothing changed."),
        _ => throw new StoreException(ErrorCode.OutcomeUnknown, $"The write {RequestId} may or may not take effect. Ask for its outcome."),
    };

    /// <summary>The write took effect, durably on a majority of the bucket's voters.</summary>
    public sealed record Applied : WriteOutcome
    {
        /// <summary>Creates the outcome.</summary>
        /// <param name="requestId">The id of the write.</param>
        /// <param name="revision">The revision of its changes; of the bucket's state where it changed nothing.</param>
        /// <param name="durableCopies">How many full copies held it durably when it was answered; 0 where that is not known.</param>
        /// <param name="operations">One outcome per operation, in their order.</param>
        public Applied(RequestId requestId, Revision revision, int durableCopies, ImmutableArray<OperationOutcome> operations)
            : base(requestId)
        {
            Revision = revision;
            DurableCopies = durableCopies;
            Operations = operations.IsDefault ? [] : operations;
        }

        /// <summary>The revision of the changes; of the bucket's state where the write changed nothing.</summary>
        public Revision Revision { get; }

        /// <summary>How many full copies held the write durably when it was answered; 0 where that is not known.</summary>
        public int DurableCopies { get; }

        /// <summary>One outcome per operation, in their order.</summary>
        public ImmutableArray<OperationOutcome> Operations { get; }

        /// <summary>Whether anything is different now: false where there were only guards, or only deletes of keys without a record.</summary>
        public bool HasChanged => Operations.AsSpan().ContainsAnyExcept(OperationOutcome.Missing);

        /// <summary>Compares all members, the outcomes one by one.</summary>
        public bool Equals(Applied? other) =>
            base.Equals(other) && Revision == other.Revision && DurableCopies == other.DurableCopies && Operations.AsSpan().SequenceEqual(other.Operations.AsSpan());

        /// <inheritdoc/>
        public override int GetHashCode() => unchecked((base.GetHashCode() * 397) ^ Revision.GetHashCode());
    }

    /// <summary>A guard did not hold. Nothing changed, and under this id nothing will.</summary>
    public sealed record PreconditionFailed : WriteOutcome
    {
        /// <summary>Creates the outcome.</summary>
        /// <param name="requestId">The id of the write.</param>
        /// <param name="failedGuard">The index of the first guard that failed; null where the store does not say.</param>
        public PreconditionFailed(RequestId requestId, int? failedGuard)
            : base(requestId) => FailedGuard = failedGuard;

        /// <summary>The index of the first guard that failed; null where the store does not say.</summary>
        public int? FailedGuard { get; }
    }

    /// <summary>The write was sent, and before the deadline nobody could say what became of it. It may have taken effect, may yet do so, or may never do so.</summary>
    /// <remarks>
    /// It is settled by <see cref="IStore.GetOutcomeAsync"/>; or, where the caller named it, sent again under the same id (<see cref="WriteOptions.IdempotencyKey"/> with <see cref="IdempotencyKey"/>).
    /// Under a new id it would be another write.
    /// </remarks>
    public sealed record Unknown : WriteOutcome
    {
        /// <summary>Creates the outcome.</summary>
        /// <param name="requestId">The id of the write.</param>
        /// <param name="cause">What the last copy ran into; null where it was not answered in time.</param>
        public Unknown(RequestId requestId, Exception? cause = null)
            : base(requestId) => Cause = cause;

        /// <summary>What the last copy ran into, for people; null where it was not answered in time.</summary>
        public Exception? Cause { get; }

        /// <summary>What to send the same write with; null where the caller gave it none.</summary>
        public string? IdempotencyKey => RequestId.Key;
    }
}
