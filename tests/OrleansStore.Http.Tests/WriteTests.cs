using System.Text.Json;
using OrleansStore.Http.Tests.Support;

namespace OrleansStore.Http.Tests;

// REST interface v1, "Routes": PUT and DELETE of a key.
[Trait("Category", "Integration")]
public sealed class WriteTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async Task InitializeAsync() => _host = await TestHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Put_Answers201ThenOrdinary200_WithRevisionAsTag()
    {
        var created = await _host.PutAsync("a", "1");
        var replaced = await _host.PutAsync("a", "2");
        Assert.Equal((201, 200), (created.Status, replaced.Status));
        Assert.Equal(("\"1\"", "\"2\""), (created.Header("ETag"), replaced.Header("ETag")));
    }

    [Fact]
    public async Task Put_TellsKeyRevisionBucketDurabilityAndRequestId_AndNothingElse()
    {
        var reply = await _host.PutAsync("a", "1");
        Assert.Equal("application/json", reply.Header("Content-Type"));
        Assert.Equal(["key", "revision", "bucket", "durability", "requestId"], reply.Json.AsObject().Select(m => m.Key));
        Assert.Equal("a", reply.Member("key"));
        Assert.Equal(1, (int)reply.Json["revision"]!);
        Assert.Equal(2, (int)reply.Json["durability"]!);
        Assert.Equal(JsonValueKind.Number, reply.Json["bucket"]!.GetValueKind());
        Assert.Equal(reply.Header("OrleansStore-Bucket"), reply.Member("bucket"));
        Assert.Equal(reply.Header("OrleansStore-Request-Id"), reply.Member("requestId"));
        Assert.StartsWith("s:", reply.Member("requestId"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_Answers204Then404()
    {
        await _host.PutAsync("a", "1");
        var deleted = await _host.SendAsync("DELETE", "/v1/kv/a");
        Assert.Equal((204, 0), (deleted.Status, deleted.Body.Length));
        Assert.NotNull(deleted.Header("OrleansStore-Request-Id"));
        Assert.NotNull(deleted.Header("OrleansStore-Bucket"));
        (await _host.SendAsync("DELETE", "/v1/kv/a")).AssertProblem(404, "not-found");
        (await _host.GetAsync("/v1/kv/a")).AssertProblem(404, "not-found");
    }

    // RFC 9110, sections 13.1.1, 13.1.2 and 13.2.2. The record "a" exists at revision 1.
    [Theory]
    [InlineData("a", "\"1\"", null, 200)]
    [InlineData("a", "\"2\"", null, 412)]
    [InlineData("a", "\"01\"", null, 412)]
    [InlineData("a", "\"x\"", null, 412)]
    [InlineData("a", "\"\"", null, 412)]
    [InlineData("a", "W/\"1\"", null, 412)]
    [InlineData("a", "\"7\", \"1\"", null, 200)]
    [InlineData("a", "\"a,b\" ,,\"1\",", null, 200)]
    [InlineData("a", "*", null, 200)]
    [InlineData("none", "*", null, 412)]
    [InlineData("none", "\"0\"", null, 412)]
    [InlineData("none", null, "*", 201)]
    [InlineData("a", null, "*", 412)]
    [InlineData("a", null, "\"1\"", 412)]
    [InlineData("a", null, "W/\"1\"", 200)]
    [InlineData("a", null, "\"2\", \"3\"", 200)]
    [InlineData("none", null, "\"1\"", 201)]
    [InlineData("a", "\"1\"", "\"2\"", 200)]
    [InlineData("a", "\"1\"", "\"1\"", 412)]
    [InlineData("a", "\"1\"", "*", 412)]
    [InlineData("a", "*", "\"1\"", 412)]
    public async Task Put_FollowsItsConditions(string key, string? ifMatch, string? ifNoneMatch, int status)
    {
        await _host.PutAsync("a", "old");
        var reply = await _host.PutAsync(key, "new", Conditions(ifMatch, ifNoneMatch));
        Assert.Equal(status, reply.Status);
        if (status == 412)
        {
            reply.AssertProblem(412, "precondition-failed");
            Assert.Equal(key == "a" ? "old" : "", key == "a" ? (await _host.GetAsync("/v1/kv/a")).Text : "");
        }
    }

    [Theory]
    [InlineData("a", "\"1\"", null, 204)]
    [InlineData("a", "\"9\", \"1\"", null, 204)]
    [InlineData("a", "*", null, 204)]
    [InlineData("a", "\"2\"", null, 412)]
    [InlineData("a", "W/\"1\"", null, 412)]
    [InlineData("a", null, "\"1\"", 412)]
    [InlineData("none", "*", null, 412)]
    [InlineData("none", null, null, 404)]
    public async Task Delete_FollowsItsConditions(string key, string? ifMatch, string? ifNoneMatch, int status)
    {
        await _host.PutAsync("a", "1");
        Assert.Equal(status, (await _host.SendAsync("DELETE", $"/v1/kv/{key}", null, Conditions(ifMatch, ifNoneMatch))).Status);
        Assert.Equal(status == 204 ? 404 : 200, (await _host.GetAsync("/v1/kv/a")).Status);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("\"1")]
    [InlineData("\"1\" \"2\"")]
    [InlineData("\"1\", *")]
    [InlineData("w/\"1\"")]
    [InlineData("\"a b\"")]
    [InlineData(",")]
    public async Task MalformedCondition_Is400_OnEveryVerb(string value)
    {
        foreach (var verb in (string[])["PUT", "GET", "DELETE"])
        {
            (await _host.SendAsync(verb, "/v1/kv/a", null, ("If-Match", value))).AssertProblem(400, "bad-request");
            (await _host.SendAsync(verb, "/v1/kv/a", null, ("If-None-Match", value))).AssertProblem(400, "bad-request");
        }
    }

    [Fact]
    public async Task ConditionOverSeveralLines_IsOneList()
    {
        await _host.PutAsync("a", "1");
        using var raw = await _host.ConnectAsync();
        Assert.Equal(200, (await raw.ExchangeAsync("PUT /v1/kv/a HTTP/1.1\nIf-Match: \"5\"\nIf-Match: \"1\"\nContent-Length: 1", "x")).Status);
    }

    [Fact]
    public async Task ConditionWithTooManyRevisions_Is400()
    {
        await _host.PutAsync("a", "1");
        Assert.Equal(200, (await _host.PutAsync("a", "1", ("If-Match", string.Join(',', Enumerable.Range(1, 128).Select(i => $"\"{i}\""))))).Status);
        var tooMany = string.Join(',', Enumerable.Range(1, 129).Select(i => $"\"{i}\""));
        (await _host.PutAsync("a", "1", ("If-Match", tooMany))).AssertProblem(400, "bad-request");
    }

    [Fact]
    public async Task RetriedId_GetsItsFirstAnswer()
    {
        var first = await _host.PutAsync("a", "1", ("Idempotency-Key", "id 1"));
        await _host.PutAsync("a", "2");
        var again = await _host.PutAsync("a", "1", ("Idempotency-Key", "id 1"));
        Assert.Equal((201, 201), (first.Status, again.Status));
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Header("ETag"), again.Header("ETag"));
        Assert.Equal("k:id 1", again.Header("OrleansStore-Request-Id"));
        Assert.Equal("2", (await _host.GetAsync("/v1/kv/a")).Text);
    }

    [Fact]
    public async Task RetriedRejection_StaysARejection()
    {
        await _host.PutAsync("a", "1", ("If-Match", "W/\"1\""), ("Idempotency-Key", "k"));
        await _host.PutAsync("a", "1");
        (await _host.PutAsync("a", "1", ("If-Match", "\"x\""), ("Idempotency-Key", "k"))).AssertProblem(412, "precondition-failed");
        await _host.SendAsync("DELETE", "/v1/kv/b", null, ("Idempotency-Key", "d"));
        await _host.PutAsync("b", "1");
        (await _host.SendAsync("DELETE", "/v1/kv/b", null, ("Idempotency-Key", "d"))).AssertProblem(404, "not-found");
    }

    [Fact]
    public async Task SameId_WithAnotherRequest_Is422()
    {
        await _host.PutAsync("a", "1", ("Idempotency-Key", "k"));
        var reply = await _host.PutAsync("a", "2", ("Idempotency-Key", "k"));
        reply.AssertProblem(422, "idempotency-mismatch");
        Assert.Equal("k:k", reply.Member("requestId"));
        (await _host.SendAsync("DELETE", "/v1/kv/a", null, ("Idempotency-Key", "k"))).AssertProblem(422, "idempotency-mismatch");
        (await _host.PutAsync("a", "1", ("Idempotency-Key", "k"), ("Content-Type", "text/plain"))).AssertProblem(422, "idempotency-mismatch");
    }

    [Fact]
    public async Task Session_GivesARetryTheFirstAnswer_UntilItIsAnswered()
    {
        var session = SessionId.Create(new WallTime(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()), 1, 2).ToString();
        var first = await _host.PutAsync("a", "1", ("OrleansStore-Session", $"{session}:1:0"));
        await _host.PutAsync("a", "2", ("OrleansStore-Session", $"{session}:2:0"));
        var again = await _host.PutAsync("a", "1", ("OrleansStore-Session", $"{session}:1:0"));
        Assert.Equal((201, 201, first.Text), (first.Status, again.Status, again.Text));
        Assert.Equal($"s:{session}:1", first.Member("requestId"));
        (await _host.PutAsync("a", "3", ("OrleansStore-Session", $"{session}:1:0"))).AssertProblem(422, "idempotency-mismatch");

        await _host.PutAsync("a", "3", ("OrleansStore-Session", $"{session}:3:2"));
        await _host.PutAsync("a", "4", ("OrleansStore-Session", $"{session}:4:2"));
        (await _host.PutAsync("a", "1", ("OrleansStore-Session", $"{session}:1:0"))).AssertProblem(410, "request-expired");
        Assert.Equal("4", (await _host.GetAsync("/v1/kv/a")).Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("0198d3f2a7b41234567890abcdef1234:1")]
    [InlineData("0198d3f2a7b41234567890abcdef1234:0:0")]
    [InlineData("0198d3f2a7b41234567890abcdef1234:1:1")]
    [InlineData("0198d3f2a7b41234567890abcdef1234:2:-1")]
    [InlineData("0198d3f2a7b41234567890ABCDEF1234:1:0")]
    [InlineData("000000000000123456789012345678ab:1:0")]
    [InlineData("s:0198d3f2a7b41234567890abcdef1234:1:0")]
    public async Task Session_IsRefused_WhenMalformed(string session) =>
        (await _host.PutAsync("a", "1", ("OrleansStore-Session", session))).AssertProblem(400, "bad-request");

    [Fact]
    public async Task Request_IsRefused_WhenItHasTwoIds() =>
        (await _host.PutAsync("a", "1", ("OrleansStore-Session", "0198d3f2a7b41234567890abcdef1234:1:0"), ("Idempotency-Key", "k"))).AssertProblem(400, "bad-request");

    [Fact]
    public async Task IdempotencyKey_Has1To64PrintableCharacters()
    {
        Assert.Equal(201, (await _host.PutAsync("a", "1", ("Idempotency-Key", new string('~', 64)))).Status);
        (await _host.PutAsync("a", "1", ("Idempotency-Key", new string('~', 65)))).AssertProblem(400, "bad-request");
        using var raw = await _host.ConnectAsync();
        foreach (var bad in (string[])["Idempotency-Key:", "Idempotency-Key: a\tb", "Idempotency-Key: a\nIdempotency-Key: b"])
        {
            (await raw.ExchangeAsync($"PUT /v1/kv/a HTTP/1.1\n{bad}\nContent-Length: 1", "x")).AssertProblem(400, "bad-request");
            (await raw.ExchangeAsync($"DELETE /v1/kv/a HTTP/1.1\n{bad}")).AssertProblem(400, "bad-request");
        }
    }

    [Theory]
    [InlineData("text/plain; charset=utf-8", 201)]
    [InlineData("a/b", 201)]
    [InlineData("nonsense", 201)]
    public async Task ContentType_IsKeptAsItIs(string contentType, int status)
    {
        Assert.Equal(status, (await _host.PutAsync("a", "1", ("Content-Type", contentType))).Status);
        Assert.Equal(contentType, (await _host.GetAsync("/v1/kv/a")).Header("Content-Type"));
    }

    [Fact]
    public async Task ContentType_IsRefused_WhereItIsTooLongOrGivenTwice()
    {
        using var raw = await _host.ConnectAsync();
        foreach (var bad in (string[])[$"Content-Type: {new string('a', 256)}", "Content-Type: a\nContent-Type: b", "Content-Type: a\tb"])
        {
            (await raw.ExchangeAsync($"PUT /v1/kv/a HTTP/1.1\n{bad}\nContent-Length: 1", "x")).AssertProblem(400, "bad-request");
        }
    }

    [Theory]
    [InlineData("cross-site", 403)]
    [InlineData("same-site", 403)]
    [InlineData("same-origin", 201)]
    [InlineData("none", 201)]
    public async Task Change_IsRefused_WhenAPageOfAnotherSiteSendsIt(string site, int status) =>
        Assert.Equal(status, (await _host.PutAsync("a", "1", ("Sec-Fetch-Site", site))).Status);

    private static (string, string)[] Conditions(string? ifMatch, string? ifNoneMatch) =>
        [.. ifMatch is null ? [] : new[] { ("If-Match", ifMatch) }, .. ifNoneMatch is null ? [] : new[] { ("If-None-Match", ifNoneMatch) }];
}
