using OrleansStore.Http.KeyValue;
using OrleansStore.Http.Targets;

namespace OrleansStore.Http;

/// <summary>A resource of the interface.</summary>
/// <param name="Id">Which one.</param>
/// <param name="Template">Its path, as documentation and metrics name it.</param>
/// <param name="Methods">Its methods, as <c>Allow</c> lists them.</param>
/// <param name="IsGuarded">Whether it takes part in admission: it uses the store and may be throttled.</param>
internal sealed record Route(RouteId Id, string Template, string Methods, bool IsGuarded)
{
    /// <summary>What stands before the key in a path.</summary>
    public const string KeyPrefix = "/v1/kv/";

    private const string ReadMethods = "GET, HEAD";

    private static readonly Route Unknown = new(RouteId.Unknown, "unknown", string.Empty, IsGuarded: false);
    private static readonly Route Key = new(RouteId.Key, "/v1/kv/{key}", "GET, HEAD, PUT, DELETE", IsGuarded: true);
    private static readonly Route Scan = new(RouteId.Scan, "/v1/kv", ReadMethods, IsGuarded: true);
    private static readonly Route Transaction = new(RouteId.Transaction, "/v1/txn", "POST", IsGuarded: true);
    private static readonly Route Outcomes = new(RouteId.Outcomes, "/v1/outcomes", "POST", IsGuarded: true);
    private static readonly Route Status = new(RouteId.Status, "/v1/status", ReadMethods, IsGuarded: false);
    private static readonly Route Live = new(RouteId.Live, "/health/live", ReadMethods, IsGuarded: false);
    private static readonly Route Ready = new(RouteId.Ready, "/health/ready", ReadMethods, IsGuarded: false);
    private static readonly Route Metrics = new(RouteId.Metrics, "/metrics", ReadMethods, IsGuarded: false);
    private static readonly Route OpenApi = new(RouteId.OpenApi, "/openapi/v1.json", ReadMethods, IsGuarded: false);

    /// <summary>All resources.</summary>
    public static IReadOnlyList<Route> All { get; } = [Key, Scan, Transaction, Outcomes, Status, Live, Ready, Metrics, OpenApi];

    /// <summary>Finds the resource that a target names. Paths are compared as they were sent, byte by byte.</summary>
    /// <param name="target">The target.</param>
    /// <param name="method">The method. Without a key in its query the collection is scanned; every other use of it lacks its key.</param>
    public static Route Of(RequestTarget target, string method)
    {
        var path = target.Path;
        if (path.StartsWith(KeyPrefix, StringComparison.Ordinal))
        {
            return Key;
        }

        return path switch
        {
            "/v1/kv" => method is "PUT" or "DELETE" || QueryParameters.Has(target.Query, KeyRequest.Base64Parameter) ? Key : Scan,
            "/v1/txn" => Transaction,
            "/v1/outcomes" => Outcomes,
            "/v1/status" => Status,
            "/health/live" => Live,
            "/health/ready" => Ready,
            "/metrics" => Metrics,
            "/openapi/v1.json" => OpenApi,
            _ => Unknown,
        };
    }
}
