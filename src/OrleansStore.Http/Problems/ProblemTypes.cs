using System.Collections.Immutable;

namespace OrleansStore.Http.Problems;

/// <summary>Every error of the facade, and the one place where the statuses of the store are mapped to them.</summary>
/// <remarks>
/// The three kinds of 503 say that a write was provably not proposed. What is not known to have failed is 504 <c>outcome-unknown</c>, never one of them (invariant 5).
/// </remarks>
internal static class ProblemTypes
{
    public static readonly ProblemType BadRequest = new("bad-request", 400, "The request is malformed.");
    public static readonly ProblemType CrossBucket = new("cross-bucket", 400, "The keys do not share a bucket.");
    public static readonly ProblemType KeyTooLarge = new("key-too-large", 400, "The key is too long.");
    public static readonly ProblemType Forbidden = new("forbidden", 403, "This is not allowed.");
    public static readonly ProblemType NotFound = new("not-found", 404, "There is nothing here.");
    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "The resource does not have this method.");
    public static readonly ProblemType RequestExpired = new("request-expired", 410, "The request id can no longer be used.");
    public static readonly ProblemType PreconditionFailed = new("precondition-failed", 412, "A precondition did not hold; nothing changed.");
    public static readonly ProblemType ValueTooLarge = new("value-too-large", 413, "The value or body is too long.");
    public static readonly ProblemType IdempotencyMismatch = new("idempotency-mismatch", 422, "The request id was used for another request.");
    public static readonly ProblemType Internal = new("internal-error", 500, "The request failed because of a fault in this process.");
    public static readonly ProblemType Unavailable = new("unavailable", 503, "The store cannot serve this now; nothing was proposed.");
    public static readonly ProblemType Throttled = new("throttled", 503, "A bound was reached; nothing was proposed.");
    public static readonly ProblemType DiskFull = new("disk-full", 503, "The disk reserve is used up; nothing was proposed.");
    public static readonly ProblemType OutcomeUnknown = new("outcome-unknown", 504, "The request may or may not have taken effect.");

    public static readonly ImmutableArray<ProblemType> All =
    [
        BadRequest, CrossBucket, KeyTooLarge, Forbidden, NotFound, MethodNotAllowed, RequestExpired, PreconditionFailed, ValueTooLarge, IdempotencyMismatch, Internal,
        Unavailable, Throttled, DiskFull, OutcomeUnknown,
    ];

    /// <summary>The problem of a write; null for <see cref="WriteStatus.Applied"/>. A status of a later version counts as unknown: it promises nothing.</summary>
    public static ProblemType? Of(WriteStatus status) => status switch
    {
        WriteStatus.Applied => null,
        WriteStatus.PreconditionFailed => PreconditionFailed,
        WriteStatus.NotLeader or WriteStatus.Unavailable => Unavailable,
        WriteStatus.NotFound => NotFound,
        WriteStatus.RequestExpired or WriteStatus.NeverApplied => RequestExpired,
        WriteStatus.IdempotencyMismatch => IdempotencyMismatch,
        WriteStatus.Throttled => Throttled,
        WriteStatus.DiskFull => DiskFull,
        _ => OutcomeUnknown,
    };

    /// <summary>The problem of a read; null for <see cref="ReadStatus.Found"/>.</summary>
    public static ProblemType? Of(ReadStatus status) => status switch
    {
        ReadStatus.Found => null,
        ReadStatus.NotFound => NotFound,
        ReadStatus.Throttled => Throttled,
        _ => Unavailable,
    };

    /// <summary>The problem of an outcome query; null where it was answered. Without an answer the fate of the write asked for is as unknown as before.</summary>
    public static ProblemType? Of(OutcomeStatus status) => status switch
    {
        OutcomeStatus.Applied or OutcomeStatus.Rejected or OutcomeStatus.NeverApplied or OutcomeStatus.Expired => null,
        OutcomeStatus.Throttled => Throttled,
        OutcomeStatus.NotLeader or OutcomeStatus.Unavailable => Unavailable,
        _ => OutcomeUnknown,
    };

    /// <summary>The problem of an exception's code; null for the codes of the environment, which say nothing about what became of a request.</summary>
    public static ProblemType? Of(ErrorCode code) => code switch
    {
        ErrorCode.BadRequest => BadRequest,
        ErrorCode.CrossBucket => CrossBucket,
        ErrorCode.KeyTooLarge => KeyTooLarge,
        ErrorCode.NotFound => NotFound,
        ErrorCode.PreconditionFailed => PreconditionFailed,
        ErrorCode.ValueTooLarge => ValueTooLarge,
        ErrorCode.IdempotencyMismatch => IdempotencyMismatch,
        ErrorCode.RequestExpired => RequestExpired,
        ErrorCode.Unavailable => Unavailable,
        ErrorCode.Throttled => Throttled,
        ErrorCode.DiskFull => DiskFull,
        ErrorCode.OutcomeUnknown => OutcomeUnknown,
        ErrorCode.Forbidden => Forbidden,
        _ => null,
    };
}
