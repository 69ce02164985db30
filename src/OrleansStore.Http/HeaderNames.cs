namespace OrleansStore.Http;

/// <summary>The headers of the interface that no RFC defines.</summary>
internal static class HeaderNames
{
    public const string RequestId = "OrleansStore-Request-Id";
    public const string Bucket = "OrleansStore-Bucket";
    public const string AppliedIndex = "OrleansStore-Applied-Index";
    public const string Timeout = "OrleansStore-Timeout";
    public const string IdempotencyKey = "Idempotency-Key";
    public const string Session = "OrleansStore-Session";
    public const string FetchSite = "Sec-Fetch-Site";
}
