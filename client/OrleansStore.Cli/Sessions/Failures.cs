using OrleansStore.Cli.Endpoints;

namespace OrleansStore.Cli.Sessions;

/// <summary>Turns errors of the store into words that a person can act on.</summary>
internal static class Failures
{
    /// <summary>The name of a code, as the HTTP interface has it.</summary>
    public static string NameOf(ErrorCode code) => code switch
    {
        ErrorCode.BadRequest => "bad-request",
        ErrorCode.CrossBucket => "cross-bucket",
        ErrorCode.KeyTooLarge => "key-too-large",
        ErrorCode.NotFound => "not-found",
        ErrorCode.PreconditionFailed => "precondition-failed",
        ErrorCode.ValueTooLarge => "value-too-large",
        ErrorCode.IdempotencyMismatch => "idempotency-mismatch",
        ErrorCode.RequestExpired => "request-expired",
        ErrorCode.Unavailable => "unavailable",
        ErrorCode.Throttled => "throttled",
        ErrorCode.DiskFull => "disk-full",
        ErrorCode.OutcomeUnknown => "outcome-unknown",
        ErrorCode.Forbidden => "forbidden",
        _ => "failed",
    };

    /// <summary>The exit code that stands for a code.</summary>
    public static ExitCode ExitOf(ErrorCode code) => code switch
    {
        ErrorCode.NotFound => ExitCode.NotFound,
        ErrorCode.PreconditionFailed => ExitCode.PreconditionFailed,
        ErrorCode.OutcomeUnknown => ExitCode.OutcomeUnknown,
        ErrorCode.Unavailable or ErrorCode.Throttled or ErrorCode.DiskFull => ExitCode.Unavailable,
        ErrorCode.BadRequest or ErrorCode.CrossBucket or ErrorCode.KeyTooLarge or ErrorCode.ValueTooLarge => ExitCode.Usage,
        _ => ExitCode.Failed,
    };

    /// <summary>Explains an error; where the store did not serve, looks at each endpoint to say why.</summary>
    public static async Task<Failure> ExplainAsync(StoreException error, CliSession session)
    {
        var failure = new Failure(ExitOf(error.Code), NameOf(error.Code), error.Message, HintOf(error.Code));
        if (error.Code != ErrorCode.Unavailable)
        {
            return failure;
        }

        var found = await EndpointProbe.AskAllAsync(session.Endpoints, session.Host.Time);
        if (found.All(probe => probe.State == EndpointState.Unreachable))
        {
            return failure with
            {
                Message = "No datacenter can be reached: " + string.Join("; ", found.Select(probe => probe.Describe())) + ".",
                Hint = "Is the store running? A store on this machine is started by `dotnet run --project silo`; others are named with --endpoints or " + GlobalOptions.EndpointsVariable + ".",
            };
        }

        return failure with { Hint = "Datacenters: " + string.Join("; ", found.Select(probe => probe.Describe())) + ". `ostore status` tells more; a longer --timeout outlasts a failover." };
    }

    private static string? HintOf(ErrorCode code) => code switch
    {
        ErrorCode.CrossBucket => "Keys with the same {part} share a bucket: {cart-7}total and {cart-7}items do.",
        ErrorCode.ValueTooLarge => "A store takes values of up to 1 MiB unless it is configured otherwise.",
        ErrorCode.IdempotencyMismatch => "Another write used this --idempotency-key. The same write under the same key is harmless; a new write needs a new key.",
        ErrorCode.RequestExpired => "What became of the write under this id can no longer be told, or was settled as never applied. A new write needs a new --idempotency-key.",
        ErrorCode.Throttled => "The store takes no more for now; nothing changed. Try again, more slowly, or with a longer --timeout.",
        ErrorCode.DiskFull => "A datacenter is short of disk space; nothing changed. Reads still work.",
        _ => null,
    };
}
