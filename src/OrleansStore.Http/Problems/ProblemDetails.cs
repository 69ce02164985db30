namespace OrleansStore.Http.Problems;

/// <summary>What the statuses of the store mean to a caller, in a sentence.</summary>
internal static class ProblemDetails
{
    /// <summary>The problem of a write that did not succeed.</summary>
    /// <param name="result">Its answer; not <see cref="WriteStatus.Applied"/>.</param>
    public static Problem Of(WriteResult result) =>
        new(ProblemTypes.Of(result.Status)!, Describe(result.Status)) { RetryAfter = result.RetryAfter };

    /// <summary>The problem of a read that found no record or was not served.</summary>
    /// <param name="status">Its status; not <see cref="ReadStatus.Found"/>.</param>
    /// <param name="retryAfter">The store's advice.</param>
    public static Problem Of(ReadStatus status, TimeSpan? retryAfter) =>
        new(ProblemTypes.Of(status)!, status switch
        {
            ReadStatus.NotFound => "The key has no record.",
            ReadStatus.Throttled => "A bound was reached; retry after a delay.",
            _ => "No replica that may answer could be reached in time.",
        })
        {
            RetryAfter = retryAfter,
        };

    /// <summary>The problem of an outcome query that got no answer.</summary>
    /// <param name="status">Its status; one without an answer.</param>
    public static Problem Of(OutcomeStatus status) =>
        new(ProblemTypes.Of(status)!, status switch
        {
            OutcomeStatus.Throttled => "A bound was reached; nothing was settled. Ask again after a delay.",
            OutcomeStatus.NotLeader or OutcomeStatus.Unavailable => "No leader with a quorum could be reached; nothing was settled. Ask again.",
            _ => "The query got no answer in time. Asking again is harmless.",
        });

    /// <summary>What an exception of the store means.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="isWrite">Whether the request may have changed something.</param>
    public static Problem Of(StoreException exception, bool isWrite) =>
        ProblemTypes.Of(exception.Code) is { } type
            ? new Problem(type, exception.Message)
            : isWrite ? FateUnknown() : new Problem(ProblemTypes.Unavailable, "This process cannot serve requests now.");

    /// <summary>A write was handed to the store and no answer came back: nobody may call that a failure (invariant 5).</summary>
    public static Problem FateUnknown() =>
        new(ProblemTypes.OutcomeUnknown, "The write was handed on and its answer was lost. Retry only with the same Idempotency-Key, or ask /v1/outcomes.");

    private static string Describe(WriteStatus status) => status switch
    {
        WriteStatus.PreconditionFailed => "A condition of the request did not hold.",
        WriteStatus.NotLeader or WriteStatus.Unavailable => "No leader with a quorum could be reached. The write was not proposed.",
        WriteStatus.NotFound => "The key has no record; there was nothing to delete.",
        WriteStatus.RequestExpired => "The request id lies outside of what the store remembers. This copy changed nothing; whether an earlier one did can no longer be told.",
        WriteStatus.NeverApplied => "An outcome query settled that this request never happens. Nothing changed; use a new id.",
        WriteStatus.IdempotencyMismatch => "The Idempotency-Key was used before for a request with another content.",
        WriteStatus.Throttled => "A bound was reached. The write was not proposed; retry with the same id after a delay.",
        WriteStatus.DiskFull => "The disk reserve is used up. The write was not proposed; deletes are still taken.",
        _ => "The write may still take effect. Retry only with the same Idempotency-Key, or ask /v1/outcomes with this requestId.",
    };
}
