namespace OrleansStore.Client.Http;

/// <summary>The headers that the client sends or reads.</summary>
internal static class HeaderNames
{
    public const string Timeout = "OrleansStore-Timeout";
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Session = "OrleansStore-Session";
    public const string IfMatch = "If-Match";
    public const string IfNoneMatch = "If-None-Match";
    public const string ContentType = "Content-Type";
    public const string EntityTag = "ETag";
    public const string RetryAfter = "Retry-After";
    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";
}
