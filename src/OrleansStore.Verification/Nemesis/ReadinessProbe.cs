namespace OrleansStore.Verification.Nemesis;

/// <summary>Asks datacenters whether they are ready.</summary>
internal sealed class ReadinessProbe(IReadOnlyList<Uri> endpoints, NemesisClock clock) : IDisposable
{
    private const int MaxReasonLength = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ConnectTimeout = Patience });

    /// <summary>Waits until every datacenter is ready.</summary>
    /// <param name="bound">How long, at most.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The datacenters that were not when the bound was reached, each with the reason it gave; empty if all are.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<IReadOnlyList<string>> AwaitAllAsync(TimeSpan bound, CancellationToken cancellationToken)
    {
        var deadline = clock.Now + bound;
        while (true)
        {
            var reasons = await Task.WhenAll(endpoints.Select(endpoint => FindReasonAsync(endpoint, cancellationToken))).ConfigureAwait(false);
            var missing = endpoints.Zip(reasons).Where(pair => pair.Second is not null).Select(pair => $"{pair.First.Authority} was not ready ({pair.Second})").ToList();
            if (missing.Count == 0 || clock.Now >= deadline)
            {
                return missing;
            }

            await Task.Delay(Interval, clock.Provider, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _http.Dispose();

    // Null where it is ready.
    private async Task<string?> FindReasonAsync(Uri endpoint, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock.Provider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(endpoint, "/health/ready"));
            using var response = await _http.SendAsync(request, either.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? null : Shorten(await response.Content.ReadAsStringAsync(either.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {Patience.TotalSeconds:0} s";
        }
    }

    private static string Shorten(string text) => text.Length <= MaxReasonLength ? text : text[..MaxReasonLength];
}
