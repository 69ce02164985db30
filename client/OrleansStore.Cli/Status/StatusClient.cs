using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansStore.Cli.Endpoints;

namespace OrleansStore.Cli.Status;

/// <summary>Asks endpoints what they know of the store. Wakes nothing over there.</summary>
internal sealed class StatusClient(IReadOnlyList<Uri> endpoints, TimeSpan timeout, TimeProvider time) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    /// <summary>Asks all endpoints at once.</summary>
    /// <returns>What came of it, in the order of endpoints.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<IReadOnlyList<EndpointStatus>> AskAllAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var answers = await Task.WhenAll(endpoints.Select(endpoint => AskAsync(endpoint, either.Token)));
        cancellationToken.ThrowIfCancellationRequested();
        return answers;
    }

    public void Dispose() => _client.Dispose();

    private async Task<EndpointStatus> AskAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _client.GetAsync(new Uri(endpoint, "/v1/status"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.StatusCode == HttpStatusCode.OK && await response.Content.ReadFromJsonAsync(StatusJson.Default.DatacenterStatus, cancellationToken) is { } status
                ? new EndpointStatus(endpoint, status, null)
                : new EndpointStatus(endpoint, null, $"answers {(int)response.StatusCode}, as no store does");
        }
        catch (JsonException)
        {
            return new EndpointStatus(endpoint, null, "answers something that is no status of a store");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return new EndpointStatus(endpoint, null, EndpointProbe.ReasonOf(e));
        }
    }
}
