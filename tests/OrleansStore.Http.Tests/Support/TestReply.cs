using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansStore.Http.Tests.Support;

/// <summary>An answer.</summary>
internal sealed record TestReply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonNode Json => JsonNode.Parse(Body)!;

    public string? Code => Member("code");

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public string? Member(string name) => Json[name]?.ToString();

    /// <summary>Checks that this is an error of RFC 9457 with everything that errors have.</summary>
    public TestReply AssertProblem(int status, string code)
    {
        Assert.Equal((status, code), (Status, Code));
        Assert.Equal("application/problem+json", Header("Content-Type"));
        Assert.Equal(JsonValueKind.Number, Json["status"]!.GetValueKind());
        Assert.Equal(status, (int)Json["status"]!);
        Assert.Equal($"urn:orleansstore:error:{code}", Member("type"));
        Assert.False(string.IsNullOrEmpty(Member("title")));
        Assert.False(string.IsNullOrEmpty(Member("detail")));
        Assert.False(string.IsNullOrEmpty(Member("requestId")));
        Assert.Equal(Member("requestId"), Header("OrleansStore-Request-Id"));
        Assert.Equal(status == 503, Headers.ContainsKey("Retry-After"));
        return this;
    }
}
