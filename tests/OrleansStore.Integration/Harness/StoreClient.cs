using System.Net;
using System.Text;

namespace OrleansStore.Integration.Harness;

/// <summary>A caller of one datacenter.</summary>
internal sealed class StoreClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(2) })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(20),
    };

    public Uri Address => address;

    public async Task<Answer> SendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = body is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content!.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var response = await _http.SendAsync(request);
        var names = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), names);
    }

    /// <summary>As <see cref="SendAsync"/>, null where the connection broke or nobody answered.</summary>
    public async Task<Answer?> TrySendAsync(string method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        try
        {
            return await SendAsync(method, path, body, headers);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    public async Task<bool> IsReadyAsync() => (await TrySendAsync("GET", "/health/ready"))?.Status == HttpStatusCode.OK;

    public void Dispose() => _http.Dispose();
}
