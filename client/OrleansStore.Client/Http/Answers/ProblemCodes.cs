namespace OrleansStore.Client.Http.Answers;

/// <summary>The codes of problem details.</summary>
internal static class ProblemCodes
{
    /// <summary>The code of a name; null for one that this release does not know.</summary>
    public static ErrorCode? Parse(string? name) => name switch
    {
        "bad-request" => ErrorCode.BadRequest,
        "cross-bucket" => ErrorCode.CrossBucket,
        "key-too-large" => ErrorCode.KeyTooLarge,
        "not-found" => ErrorCode.NotFound,
        "precondition-failed" => ErrorCode.PreconditionFailed,
        "value-too-large" => ErrorCode.ValueTooLarge,
        "idempotency-mismatch" => ErrorCode.IdempotencyMismatch,
        "request-expired" => ErrorCode.RequestExpired,
        "unavailable" => ErrorCode.Unavailable,
        "throttled" => ErrorCode.Throttled,
        "disk-full" => ErrorCode.DiskFull,
        "outcome-unknown" => ErrorCode.OutcomeUnknown,
        "forbidden" => ErrorCode.Forbidden,
        _ => null,
    };
}
