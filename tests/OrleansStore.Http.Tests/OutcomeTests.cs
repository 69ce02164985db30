using OrleansStore.Http.Tests.Support;

namespace OrleansStore.Http.Tests;

// REST interface v1, "Routes": POST /v1/outcomes.
[Trait("Category", "Integration")]
public sealed class OutcomeTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async Task InitializeAsync() => _host = await TestHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("k:id")]
    [InlineData("id")]
    public async Task Outcome_IsApplied_WithTheFirstAnswer(string requestId)
    {
        var put = await _host.PutAsync("a", "1", ("Idempotency-Key", "id"));
        await _host.PutAsync("a", "2");
        var reply = await AskAsync("a", requestId);
        Assert.Equal((200, "applied", "k:id", "a"), (reply.Status, reply.Member("outcome"), reply.Member("requestId"), reply.Member("key")));
        Assert.Equal(put.Member("revision"), reply.Member("revision"));
        Assert.Equal("created", reply.Json["operations"]![0]!.ToString());
        Assert.Equal(put.Header("OrleansStore-Bucket"), reply.Member("bucket"));
        Assert.Equal(put.Header("OrleansStore-Bucket"), reply.Header("OrleansStore-Bucket"));
    }

    [Fact]
    public async Task Outcome_IsFoundByTheIdThatAnAnswerNamed()
    {
        var id = (await _host.PutAsync("a", "1")).Header("OrleansStore-Request-Id")!;
        Assert.Equal("applied", (await AskAsync("a", id)).Member("outcome"));
    }

    [Fact]
    public async Task Outcome_IsRejected_WithItsReason()
    {
        await _host.PutAsync("a", "1", ("If-Match", "*"), ("Idempotency-Key", "id"));
        await _host.SendAsync("DELETE", "/v1/kv/a", null, ("Idempotency-Key", "gone"));
        var reply = await AskAsync("a", "k:id");
        Assert.Equal(("rejected", "precondition-failed"), (reply.Member("outcome"), reply.Code));
        Assert.Equal("not-found", (await AskAsync("a", "k:gone")).Code);
    }

    [Fact]
    public async Task Outcome_IsNeverApplied_AndALateCopyIsRefused()
    {
        var reply = await AskAsync("a", "late");
        Assert.Equal((200, "never-applied", "k:late"), (reply.Status, reply.Member("outcome"), reply.Member("requestId")));
        (await _host.PutAsync("a", "1", ("Idempotency-Key", "late"))).AssertProblem(410, "request-expired");
        Assert.Equal(404, (await _host.GetAsync("/v1/kv/a")).Status);
    }

    [Fact]
    public async Task Outcome_IsExpired_OfASessionThatMovedOn()
    {
        var id = (await _host.PutAsync("a", "1")).Member("requestId")!;
        await _host.PutAsync("a", "2");
        var reply = await AskAsync("a", id);
        Assert.Equal((200, "expired", id), (reply.Status, reply.Member("outcome"), reply.Member("requestId")));
    }

    [Theory]
    [InlineData("2026-01-31T12:00:00Z", 1769860800000)]
    [InlineData("2026-01-31T12:00:00.0004999Z", 1769860800000)]
    [InlineData("2026-01-31T13:00:00.25+01:00", 1769860800250)]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    public async Task FirstSent_IsHandedOn(string text, long milliseconds)
    {
        WallTime? told = null;
        await using var host = await TestHost.StartAsync(new ScriptedStore { Outcome = firstSent => { told = firstSent; return new OutcomeResult(OutcomeStatus.Expired); } });
        var reply = await host.SendAsync("POST", "/v1/outcomes", $$"""{"key":"a","requestId":"id","firstSent":"{{text}}"}""");
        Assert.Equal((200, "expired"), (reply.Status, reply.Member("outcome")));
        Assert.Equal(new WallTime(milliseconds), told);
    }

    [Theory]
    [InlineData("""{"key":"a"}""", "")]
    [InlineData("""{"requestId":"k:a"}""", "")]
    [InlineData("""{"key":"a","requestId":1}""", "/requestId")]
    [InlineData("""{"key":"a","requestId":""}""", "/requestId")]
    [InlineData("""{"key":"a","requestId":"s:1:2"}""", "/requestId")]
    [InlineData("""{"key":"a","requestId":"é"}""", "/requestId")]
    [InlineData("""{"key":"%","requestId":"k:a"}""", "/key")]
    [InlineData("""{"key":"a","requestId":"k:a","x":1}""", "")]
    [InlineData("""{"key":"a","requestId":"k:a","firstSent":1769860800}""", "/firstSent")]
    [InlineData("""{"key":"a","requestId":"k:a","firstSent":"2026-01-31T12:00:00"}""", "/firstSent")]
    [InlineData("""{"key":"a","requestId":"k:a","firstSent":"yesterday"}""", "/firstSent")]
    [InlineData("""{"key":"a","requestId":"k:a","firstSent":"1969-12-31T23:59:59Z"}""", "/firstSent")]
    [InlineData("[]", "")]
    public async Task Body_IsRefused_WhereItIsNotExactlyRight(string body, string place)
    {
        var reply = await _host.SendAsync("POST", "/v1/outcomes", body);
        Assert.Equal(place, reply.AssertProblem(400, "bad-request").Member("pointer"));
    }

    private Task<TestReply> AskAsync(string key, string requestId) => _host.SendAsync("POST", "/v1/outcomes", $$"""{"key":"{{key}}","requestId":"{{requestId}}"}""");
}
