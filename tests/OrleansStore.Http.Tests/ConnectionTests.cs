using OrleansStore.Http.Tests.Support;

namespace OrleansStore.Http.Tests;

// REST interface v1, "Errors": "After an error the connection stays usable; after a 413 only with Expect: 100-continue or when the rest is within the drain limit,
// else it closes cleanly; chunked bodies stop at the limit."
[Trait("Category", "Integration")]
public sealed class ConnectionTests : IAsyncLifetime
{
    private const int Limit = 1000;
    private const int DrainLimit = 5000;

    private TestHost _host = null!;
    private RawClient _raw = null!;

    public async Task InitializeAsync()
    {
        var options = new HttpFacadeOptions { MaxValueBytes = Limit, DrainLimitBytes = DrainLimit, DrainTimeout = TimeSpan.FromMilliseconds(500) };
        _host = await TestHost.StartAsync(options: options);
        _raw = await _host.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        _raw.Dispose();
        Assert.True(_host.Complaints.Count == 0, string.Join(" // ", _host.Complaints));
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Value_MayHaveTheLimit_AndNotOneByteMore()
    {
        Assert.Equal(201, (await PutAsync(Limit)).Status);
        (await PutAsync(Limit + 1)).AssertProblem(413, "value-too-large");
        Assert.Equal(Limit, (await _raw.ExchangeAsync("GET /v1/kv/a HTTP/1.1")).Body.Length);
    }

    [Fact]
    public async Task Connection_StaysUsable_AfterA413WithinTheDrainLimit()
    {
        var reply = await PutAsync(DrainLimit);
        reply.AssertProblem(413, "value-too-large");
        Assert.Null(reply.Header("Connection"));
        await AssertUsableAsync();
    }

    [Fact]
    public async Task Connection_ClosesCleanly_AfterA413BeyondTheDrainLimit()
    {
        // The whole body is sent before the answer is read: a reset would lose the answer.
        var reply = await PutAsync(4 * 1024 * 1024);
        reply.AssertProblem(413, "value-too-large");
        Assert.Equal("close", reply.Header("Connection"));
        Assert.True(await _raw.IsClosedAsync());
    }

    [Theory]
    [InlineData("Content-Length: 2000000000")]
    [InlineData("Content-Length: 1001")]
    public async Task Connection_StaysUsable_AfterA413ToACallerThatWaitsFor100(string length)
    {
        for (var i = 0; i < 3; i++)
        {
            (await _raw.ExchangeAsync($"PUT /v1/kv/a HTTP/1.1\nExpect: 100-continue\n{length}")).AssertProblem(413, "value-too-large");
            await AssertUsableAsync();
        }
    }

    [Theory]
    [InlineData("Content-Length: 10")]
    [InlineData("Content-Length: 2000000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task Connection_StaysUsable_AfterAnotherErrorToACallerThatWaitsFor100(string length)
    {
        (await _raw.ExchangeAsync($"PUT /v1/kv/a HTTP/1.1\nExpect: 100-continue\nIf-Match: x\n{length}")).AssertProblem(400, "bad-request");
        await AssertUsableAsync();
        (await _raw.ExchangeAsync($"DELETE /v1/kv/a HTTP/1.1\nExpect: 100-continue\n{length}")).AssertProblem(404, "not-found");
        await AssertUsableAsync();
    }

    [Fact]
    public async Task Connection_Closes_WhereTheCallerDidNotWaitFor100()
    {
        // The body is under way, so nobody can tell it from a next request: it must not be taken for one.
        await _raw.SendAsync("PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2000\r\n\r\nPUT /v1/kv/smuggled HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
        var reply = await _raw.ReadAsync();
        reply.AssertProblem(413, "value-too-large");
        Assert.Equal("close", reply.Header("Connection"));
        Assert.True(await _raw.IsClosedAsync());
        Assert.Equal(404, (await _host.GetAsync("/v1/kv/smuggled")).Status);
    }

    [Fact]
    public async Task Connection_Closes_WhereTooLongABodyIsAnnounced()
    {
        var reply = await _raw.ExchangeAsync($"PUT /v1/kv/a HTTP/1.1\nExpect: 100-continue\nContent-Length: {long.MaxValue}");
        reply.AssertProblem(413, "value-too-large");
        Assert.True(await _raw.EndsAsync());
    }

    [Fact]
    public async Task Caller_IsToldToContinue_WhereItsBodyIsWanted()
    {
        Assert.Equal(100, (await _raw.ExchangeAsync("PUT /v1/kv/a HTTP/1.1\nExpect: 100-continue\nContent-Length: 3")).Status);
        await _raw.SendAsync("abc");
        Assert.Equal(201, (await _raw.ReadAsync()).Status);
        await AssertUsableAsync();
    }

    [Fact]
    public async Task ChunkedBody_IsTaken_UpToTheLimit()
    {
        var reply = await _raw.ExchangeAsync("PUT /v1/kv/a HTTP/1.1\nTransfer-Encoding: chunked", Chunks(400, 600));
        Assert.Equal(201, reply.Status);
        Assert.Equal(Limit, (await _raw.ExchangeAsync("GET /v1/kv/a HTTP/1.1")).Body.Length);
    }

    [Fact]
    public async Task ChunkedBody_StopsAtTheLimit_AndTheRestIsDrained()
    {
        var reply = await _raw.ExchangeAsync("PUT /v1/kv/a HTTP/1.1\nTransfer-Encoding: chunked", Chunks(600, 600, 2000));
        reply.AssertProblem(413, "value-too-large");
        await AssertUsableAsync();
    }

    [Fact]
    public async Task ChunkedBody_StopsAtTheLimit_AndAConnectionWithALongRestCloses()
    {
        var reply = await _raw.ExchangeAsync("PUT /v1/kv/a HTTP/1.1\nTransfer-Encoding: chunked", Chunks([600, 600, .. Enumerable.Repeat(100_000, 40)]));
        reply.AssertProblem(413, "value-too-large");
        Assert.Equal("close", reply.Header("Connection"));
        Assert.True(await _raw.IsClosedAsync());
    }

    [Fact]
    public async Task ChunkedBody_StopsAtTheLimit_ThoughItNeverEnds()
    {
        // The answer comes while the caller still sends: within the drain timeout, not at the end of the body.
        await _raw.SendAsync("PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + Chunks(1100)[..^5]);
        (await _raw.ReadAsync()).AssertProblem(413, "value-too-large");
        Assert.True(await _raw.IsClosedAsync());
    }

    [Theory]
    [InlineData("PUT /v1/kv/%zz", 400)]
    [InlineData("PUT /v1/kv/a?x=1", 400)]
    [InlineData("PUT /nowhere", 404)]
    [InlineData("POST /v1/kv/a", 405)]
    [InlineData("GET /v1/kv/a", 404)]
    [InlineData("DELETE /v1/kv/a", 404)]
    [InlineData("GET /health/live", 200)]
    [InlineData("POST /v1/txn", 400)]
    [InlineData("POST /v1/outcomes", 400)]
    public async Task Connection_StaysUsable_AfterAnyOtherAnswerWithAnUnreadBody(string request, int status)
    {
        Assert.Equal(status, (await _raw.ExchangeAsync($"{request} HTTP/1.1\nContent-Length: 4000", new string('x', 4000))).Status);
        await AssertUsableAsync();
        Assert.Equal(status, (await _raw.ExchangeAsync($"{request} HTTP/1.1\nTransfer-Encoding: chunked", Chunks(600, 300))).Status);
        await AssertUsableAsync();
    }

    [Fact]
    public async Task Connection_IsSaidToClose_AlsoWhereTheStoreFailsAfterwards()
    {
        await using var host = await TestHost.StartAsync(
            new ScriptedStore { Read = (_, _) => throw new StoreException(ErrorCode.Unavailable, "Away.") }, new HttpFacadeOptions { DrainLimitBytes = 10, DrainTimeout = TimeSpan.FromMilliseconds(50) });
        using var raw = await host.ConnectAsync();
        var reply = await raw.ExchangeAsync("GET /v1/kv/a HTTP/1.1\nContent-Length: 1000000", new string('x', 1_000_000));
        reply.AssertProblem(503, "unavailable");
        Assert.Equal("close", reply.Header("Connection"));
        Assert.True(await raw.IsClosedAsync());
    }

    [Fact]
    public async Task BrokenChunk_Is400_AndEndsTheConnection()
    {
        var reply = await _raw.ExchangeAsync("PUT /v1/kv/a HTTP/1.1\nTransfer-Encoding: chunked", "3\r\nabc\r\nzz\r\n");
        reply.AssertProblem(400, "bad-request");
        Assert.True(await _raw.IsClosedAsync());
    }

    [Fact]
    public async Task TruncatedBody_WritesNothing()
    {
        await _raw.SendAsync("PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
        _raw.FinishSending();
        Assert.True(await _raw.EndsAsync());
        Assert.Equal(404, (await _host.GetAsync("/v1/kv/a")).Status);
    }

    [Fact]
    public async Task SlowBody_IsGivenUpAtTheDeadline_AndNotProposed()
    {
        var reply = await _raw.ExchangeAsync("PUT /v1/kv/a HTTP/1.1\nOrleansStore-Timeout: 100\nContent-Length: 10", "abc");
        reply.AssertProblem(503, "unavailable");
        Assert.True(await _raw.IsClosedAsync());
        Assert.Equal(404, (await _host.GetAsync("/v1/kv/a")).Status);
    }

    [Fact]
    public async Task PipelinedRequests_AreAnsweredInOrder()
    {
        await _raw.SendAsync(string.Concat(Enumerable.Range(0, 20).Select(i =>
            $"PUT /v1/kv/p{i} HTTP/1.1\r\nHost: x\r\nContent-Length: {(i % 3 == 0 ? Limit + 1 : 1)}\r\n\r\n{new string('x', i % 3 == 0 ? Limit + 1 : 1)}")));
        for (var i = 0; i < 20; i++)
        {
            var reply = await _raw.ReadAsync();
            Assert.Equal(i % 3 == 0 ? 413 : 201, reply.Status);
            Assert.Equal(i % 3 == 0 ? null : $"p{i}", reply.Member("key"));
        }
    }

    [Fact]
    public async Task Http10_IsAnswered()
    {
        await _raw.SendAsync("GET /v1/kv/a HTTP/1.0\r\n\r\n");
        Assert.Equal(404, (await _raw.ReadAsync()).Status);
        Assert.True(await _raw.IsClosedAsync());
    }

    private Task<TestReply> PutAsync(int length) => _raw.ExchangeAsync($"PUT /v1/kv/a HTTP/1.1\nContent-Length: {length}", new string('x', length));

    private async Task AssertUsableAsync()
    {
        var reply = await _raw.ExchangeAsync("PUT /v1/kv/after HTTP/1.1\nContent-Length: 1", "x");
        Assert.Contains(reply.Status, (int[])[200, 201]);
        Assert.Equal("after", reply.Member("key"));
    }

    private static string Chunks(params int[] sizes) => string.Concat(sizes.Select(s => $"{s:x}\r\n{new string('c', s)}\r\n")) + "0\r\n\r\n";
}
