using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace OrleansStore.Cli.Endpoints;

/// <summary>One look at the readiness of an endpoint.</summary>
/// <param name="Address">The endpoint.</param>
/// <param name="State">What was found.</param>
/// <param name="Reason">Why it does not serve; null where it does.</param>
internal sealed record EndpointProbe(Uri Address, EndpointState State, string? Reason)
{
    private const int MaxReasonLength = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Scheme and authority: what people call it.</summary>
    public string Origin => Address.GetLeftPart(UriPartial.Authority);

    /// <summary>Where and what, without a full stop.</summary>
    public string Describe() => State == EndpointState.Ready ? $"{Origin} is ready" : $"{Origin} {Reason}";

    /// <summary>Looks at all endpoints at once, for a second.</summary>
    public static async Task<IReadOnlyList<EndpointProbe>> AskAllAsync(IReadOnlyList<Uri> endpoints, TimeProvider time)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false };
        using var client = new HttpMessageInvoker(handler);
        using var patience = new CancellationTokenSource(Patience, time);
        return await Task.WhenAll(endpoints.Select(endpoint => AskAsync(client, endpoint, patience.Token)));
    }

    /// <summary>Says why an exchange with an endpoint came to nothing.</summary>
    public static string ReasonOf(Exception exception) => exception switch
    {
        OperationCanceledException => "does not answer in time",
        _ when Find<SocketException>(exception) is { } socket => socket.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "refuses connections",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "has a name that cannot be resolved",
            SocketError.TimedOut => "does not answer in time",
            var other => $"cannot be reached ({other})",
        },
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "cannot be reached securely: " + (exception.InnerException ?? exception).Message,
        _ => "broke the connection",
    };

    private static async Task<EndpointProbe> AskAsync(HttpMessageInvoker client, Uri endpoint, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint, "/health/ready"));
            using var response = await client.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return new EndpointProbe(endpoint, EndpointState.Ready, null);
            }

            var detail = response.StatusCode == HttpStatusCode.ServiceUnavailable ? DetailOf(await response.Content.ReadAsStringAsync(cancellationToken)) : null;
            return detail is null
                ? new EndpointProbe(endpoint, EndpointState.Foreign, $"answers {(int)response.StatusCode}, as no store does")
                : new EndpointProbe(endpoint, EndpointState.NotReady, $"is not ready: {detail.TrimEnd('.')}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return new EndpointProbe(endpoint, EndpointState.Unreachable, ReasonOf(e));
        }
    }

    private static string? DetailOf(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var detail = json.RootElement.GetProperty("detail").GetString();
            return detail?.Length > MaxReasonLength ? detail[..MaxReasonLength] : detail;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not null and not T)
        {
            exception = exception.InnerException;
        }

        return exception as T;
    }
}
