namespace OrleansStore.Client.Tests.Support;

/// <summary>Stores over scripted servers.</summary>
internal static class Scripted
{
    public static readonly StoreKey Key = StoreKey.FromText("a");
    public static readonly byte[] Value = [1, 2, 3];

    /// <summary>A store with short times, so that tests of failures are short as well.</summary>
    public static HttpStore Connect(IEnumerable<Uri> endpoints, Action<StoreClientOptions>? configure = null)
    {
        var options = new StoreClientOptions
        {
            Endpoints = [.. endpoints],
            Timeout = TimeSpan.FromSeconds(10),
            AttemptTimeout = TimeSpan.FromSeconds(5),
            InitialBackoff = TimeSpan.FromMilliseconds(1),
            MaxBackoff = TimeSpan.FromMilliseconds(5),
            EndpointRest = TimeSpan.FromMinutes(10),
            MaxEndpointRest = TimeSpan.FromMinutes(10),
        };
        configure?.Invoke(options);
        return new HttpStore(options);
    }

    public static HttpStore Connect(params ScriptedServer[] servers) => Connect(servers.Select(server => server.Address));

    /// <summary>An address that refuses connections.</summary>
    public static Uri Nobody() => new($"http://127.0.0.1:{FreePorts.Take()}");

    public static ValueTask<WriteOutcome> PutAsync(this HttpStore store, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        store.PutAsync(Key, Value, options: options, cancellationToken: cancellationToken);
}
