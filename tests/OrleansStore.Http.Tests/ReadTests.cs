using OrleansStore.Http.Tests.Support;

namespace OrleansStore.Http.Tests;

// REST interface v1, "Routes": GET and HEAD of a key.
[Trait("Category", "Integration")]
public sealed class ReadTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await TestHost.StartAsync();
        await _host.PutAsync("a", "value", ("Content-Type", "text/plain"));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Get_AnswersRawBodyContentTypeAndTag()
    {
        var reply = await _host.GetAsync("/v1/kv/a");
        Assert.Equal((200, "value", "text/plain", "\"1\"", "5"), (reply.Status, reply.Text, reply.Header("Content-Type"), reply.Header("ETag"), reply.Header("Content-Length")));
        Assert.NotNull(reply.Header("OrleansStore-Bucket"));
        Assert.False(string.IsNullOrEmpty(reply.Header("OrleansStore-Request-Id")));
        Assert.Null(reply.Header("OrleansStore-Applied-Index"));
        Assert.Null(reply.Header("Server"));
        Assert.Null(reply.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Head_AnswersTheHeadersOfGet_WithoutBody()
    {
        var get = await _host.GetAsync("/v1/kv/a");
        using var raw = await _host.ConnectAsync();
        var head = await raw.ExchangeAsync("HEAD /v1/kv/a HTTP/1.1");
        Assert.Equal(200, head.Status);
        foreach (var name in (string[])["Content-Length", "Content-Type", "ETag", "OrleansStore-Bucket"])
        {
            Assert.Equal(get.Header(name), head.Header(name));
        }

        // No byte of a body came: the next answer begins right here.
        var missing = await raw.ExchangeAsync("HEAD /v1/kv/missing HTTP/1.1");
        Assert.Equal((404, "application/problem+json"), (missing.Status, missing.Header("Content-Type")));
        Assert.Equal(200, (await raw.ExchangeAsync("GET /v1/kv/a HTTP/1.1")).Status);
    }

    [Fact]
    public async Task Get_AnswersOctetStream_WhereThePutGaveNoType()
    {
        using var raw = await _host.ConnectAsync();
        await raw.ExchangeAsync("PUT /v1/kv/b HTTP/1.1\nContent-Length: 1", "x");
        Assert.Equal("application/octet-stream", (await _host.GetAsync("/v1/kv/b")).Header("Content-Type"));
    }

    [Theory]
    [InlineData("text/html", "sandbox")]
    [InlineData("image/svg+xml", "sandbox")]
    [InlineData("text/plain", null)]
    [InlineData("application/json", null)]
    public async Task Get_DoesNotLetAValueRunAsAPage(string contentType, string? policy)
    {
        await _host.PutAsync("p", "x", ("Content-Type", contentType));
        var reply = await _host.GetAsync("/v1/kv/p");
        Assert.Equal(("nosniff", policy), (reply.Header("X-Content-Type-Options"), reply.Header("Content-Security-Policy")));
    }

    // RFC 9110, sections 13.1 and 13.2. The record "a" exists at revision 1.
    [Theory]
    [InlineData("a", null, "\"1\"", 304)]
    [InlineData("a", null, "\"7\", \"1\"", 304)]
    [InlineData("a", null, "*", 304)]
    [InlineData("a", null, "W/\"1\"", 200)]
    [InlineData("a", null, "\"2\"", 200)]
    [InlineData("a", "\"1\"", null, 200)]
    [InlineData("a", "*", null, 200)]
    [InlineData("a", "\"2\"", null, 412)]
    [InlineData("a", "W/\"1\"", null, 412)]
    [InlineData("a", "\"1\"", "\"1\"", 304)]
    [InlineData("a", "\"2\"", "\"1\"", 412)]
    [InlineData("missing", "\"2\"", null, 404)]
    [InlineData("missing", null, "*", 404)]
    public async Task Get_FollowsItsConditions(string key, string? ifMatch, string? ifNoneMatch, int status)
    {
        (string, string)[] headers =
            [.. ifMatch is null ? [] : new[] { ("If-Match", ifMatch) }, .. ifNoneMatch is null ? [] : new[] { ("If-None-Match", ifNoneMatch) }];
        foreach (var verb in (string[])["GET", "HEAD"])
        {
            var reply = await _host.SendAsync(verb, $"/v1/kv/{key}", null, headers);
            Assert.Equal(status, reply.Status);
            Assert.Equal(status is 200 or 304 ? "\"1\"" : null, reply.Header("ETag"));
            Assert.True(status != 304 || reply.Body.Length == 0);
        }
    }

    [Fact]
    public async Task EventualRead_TellsTheAppliedIndex()
    {
        foreach (var (key, status) in ((string, int)[])[("a", 200), ("missing", 404)])
        {
            var reply = await _host.GetAsync($"/v1/kv/{key}?consistency=eventual");
            Assert.Equal(status, reply.Status);
            Assert.True(ulong.TryParse(reply.Header("OrleansStore-Applied-Index"), out _));
        }

        Assert.Null((await _host.GetAsync("/v1/kv/a?consistency=linearizable")).Header("OrleansStore-Applied-Index"));
    }
}
