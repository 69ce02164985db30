namespace OrleansStore.Client;

/// <summary>Where the store is and how it is called over HTTP. Checked as a whole, with <see cref="FindErrors"/>, before it is used.</summary>
public sealed class StoreClientOptions
{
    /// <summary>The HTTP addresses of the datacenters, the nearest first: an address is used as long as it serves, and those after it only while it does not. At least one, each once:
    /// <c>http</c> or <c>https</c>, without path, query and user.</summary>
    public IList<Uri> Endpoints { get; init; } = [];

    /// <summary>How long a call may take with all its retries, in [1 ms, 60 s]. Default 5 s. Shorter than a fail-over of the store (about 2 s), writes end as unknown during one.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one endpoint is waited for before the same request goes to another, in [1 ms, 60 s]. Default 2 s. Short values move requests away from a slow endpoint, and repeat
    /// them where only the store is slow.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a connection is tried for, in [1 ms, 60 s]. Default 1 s. An address that swallows packets costs each call that tries it this long.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The first pause between two copies of a request, in [1 ms, <see cref="MaxBackoff"/>]; it doubles from one to the next. Half of each pause is random. Default 20 ms.</summary>
    public TimeSpan InitialBackoff { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest pause between two copies of a request, in [1 ms, 60 s]. Default 500 ms. What a server asks for in <c>Retry-After</c> is honoured beyond it.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>For how long an endpoint that failed is left alone at first, in [1 ms, <see cref="MaxEndpointRest"/>]; it doubles with each failed probe. Default 200 ms.</summary>
    public TimeSpan EndpointRest { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>For how long an endpoint is left alone at most, in [1 ms, 1 h]. Default 10 s: so long it may take until the nearest endpoint is used again after it came back.</summary>
    public TimeSpan MaxEndpointRest { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many requests in a row an endpoint must fail by time-out or as unavailable before it is left alone, in [1, 1,000]. A refused or broken connection counts as that many.
    /// Default 5.</summary>
    public int FailuresBeforeRest { get; set; } = 5;

    /// <summary>The most connections per endpoint, in [1, 65,535]. Default 256. A connection carries one request at a time, so this bounds what is under way; further calls wait for one.</summary>
    public int MaxConnectionsPerEndpoint { get; set; } = 256;

    /// <summary>For how long a connection is used, at least 1 s. Default 10 minutes: so long it may take until a change of an address in DNS is seen.</summary>
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The most bytes of an answer that are taken into memory, in [64 KiB, 1 GiB]. Default 32 MiB; a page of a scan stays below 16 MiB.</summary>
    public int MaxAnswerBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Changes the handler before it is used: client certificates, proxies. What redirects or retries by itself it must leave off. Null for no change.</summary>
    public Action<SocketsHttpHandler>? ConfigureHandler { get; set; }

    /// <summary>Options with these endpoints, and defaults for the rest.</summary>
    /// <param name="endpoints">The addresses, the nearest first. What is no address <see cref="FindErrors"/> tells.</param>
    public static StoreClientOptions For(params IEnumerable<string> endpoints) => new() { Endpoints = [.. endpoints.Select(text => new Uri(text, UriKind.RelativeOrAbsolute))] };

    /// <summary>Checks everything.</summary>
    /// <returns>One sentence per mistake, with the value at fault; empty if there is none.</returns>
    public IReadOnlyList<string> FindErrors()
    {
        List<string> errors = [];
        FindEndpointErrors(errors);
        CheckTime(nameof(Timeout), Timeout, CallOptions.MaxTimeout);
        CheckTime(nameof(AttemptTimeout), AttemptTimeout, CallOptions.MaxTimeout);
        CheckTime(nameof(ConnectTimeout), ConnectTimeout, CallOptions.MaxTimeout);
        CheckTime(nameof(MaxBackoff), MaxBackoff, CallOptions.MaxTimeout);
        CheckTime(nameof(InitialBackoff), InitialBackoff, CallOptions.MaxTimeout);
        CheckTime(nameof(MaxEndpointRest), MaxEndpointRest, TimeSpan.FromHours(1));
        CheckTime(nameof(EndpointRest), EndpointRest, TimeSpan.FromHours(1));
        CheckOrder(nameof(InitialBackoff), InitialBackoff, nameof(MaxBackoff), MaxBackoff);
        CheckOrder(nameof(EndpointRest), EndpointRest, nameof(MaxEndpointRest), MaxEndpointRest);
        CheckCount(nameof(FailuresBeforeRest), FailuresBeforeRest, 1, 1000);
        CheckCount(nameof(MaxConnectionsPerEndpoint), MaxConnectionsPerEndpoint, 1, ushort.MaxValue);
        CheckCount(nameof(MaxAnswerBytes), MaxAnswerBytes, 64 * 1024, 1024 * 1024 * 1024);
        if (ConnectionLifetime < TimeSpan.FromSeconds(1))
        {
            errors.Add($"{nameof(ConnectionLifetime)} is {ConnectionLifetime}; it must be at least 1 s.");
        }

        return errors;

        void CheckTime(string name, TimeSpan value, TimeSpan max)
        {
            if (value < TimeSpan.FromMilliseconds(1) || value > max)
            {
                errors.Add($"{name} is {value}; it must be in [00:00:00.001, {max}].");
            }
        }

        void CheckOrder(string name, TimeSpan value, string otherName, TimeSpan other)
        {
            if (value > other)
            {
                errors.Add($"{name} is {value}; it must not be above {otherName}, which is {other}.");
            }
        }

        void CheckCount(string name, int value, int min, int max)
        {
            if (value < min || value > max)
            {
                errors.Add($"{name} is {value}; it must be in [{min}, {max}].");
            }
        }
    }

    private void FindEndpointErrors(List<string> errors)
    {
        if (Endpoints.Count == 0)
        {
            errors.Add($"{nameof(Endpoints)} is empty; the address of at least one datacenter is needed.");
        }

        for (var i = 0; i < Endpoints.Count; i++)
        {
            var endpoint = Endpoints[i];
            if (endpoint is not { IsAbsoluteUri: true } || endpoint.Scheme is not ("http" or "https"))
            {
                errors.Add($"{nameof(Endpoints)}[{i}] is {Describe(endpoint)}; it must be an absolute http or https address.");
            }
            else if (endpoint.PathAndQuery != "/" || endpoint.Fragment.Length > 0 || endpoint.UserInfo.Length > 0)
            {
                errors.Add($"{nameof(Endpoints)}[{i}] is {Describe(endpoint)} with path, query or user; it must have none.");
            }
            else if (Endpoints.Take(i).Any(other => other is { IsAbsoluteUri: true } && Describe(other) == Describe(endpoint)))
            {
                errors.Add($"{nameof(Endpoints)}[{i}] is {Describe(endpoint)}, which is there twice.");
            }
        }
    }

    // Without the user: passwords do not belong in messages. Scheme and host are in lower case already.
    private static string Describe(Uri? endpoint) =>
        endpoint is null ? "null" : endpoint.IsAbsoluteUri ? $"{endpoint.Scheme}://{endpoint.Authority}" : endpoint.OriginalString;
}
