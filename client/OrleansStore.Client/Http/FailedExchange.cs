using OrleansStore.Client.Http.Endpoints;
using OrleansStore.Client.Http.Requests;

namespace OrleansStore.Client.Http;

/// <summary>What it means that a copy got no answer.</summary>
internal static class FailedExchange<TResult>
{
    /// <summary>Judges an exception of the transport; not one that the caller asked for.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="body">The body of the copy; null where it has none.</param>
    /// <param name="endpoint">Where the copy went.</param>
    public static Attempt<TResult> Judge(Exception exception, RequestBody? body, Endpoint endpoint)
    {
        if (IsUnconnected(exception))
        {
            return Attempt<TResult>.NotServed(Blame.Broken, Fault($"{endpoint.Origin} cannot be reached.", exception));
        }

        if (body is { HasLeft: false })
        {
            return Attempt<TResult>.NotServed(Blame.Slow, Fault($"There was no connection to {endpoint.Origin} in time.", exception));
        }

        return exception is OperationCanceledException
            ? Attempt<TResult>.Lost(Blame.Slow, Fault($"{endpoint.Origin} did not answer in time.", exception))
            : Attempt<TResult>.Lost(Blame.Broken, Fault($"The connection to {endpoint.Origin} broke.", exception));
    }

    // Without a connection the request provably did not get out.
    private static bool IsUnconnected(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } => true,

        // The handler reports a connection that took longer than its ConnectTimeout like this; an attempt that took too long has no such cause.
        OperationCanceledException { InnerException: TimeoutException } => true,
        _ => false,
    };

    private static StoreException Fault(string message, Exception cause) => new(ErrorCode.Unavailable, message, isTransient: true, cause);
}
