using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using OrleansStore.Http.Problems;
using OrleansStore.Http.Tests.Support;
using OrleansStore.Service;

namespace OrleansStore.Http.Tests;

// REST interface v1, "Errors", and what the statuses of the store become.
[Trait("Category", "Integration")]
public sealed class ErrorTests : IAsyncLifetime
{
    private readonly ScriptedStore _store = new();
    private TestHost _host = null!;

    public async Task InitializeAsync() => _host = await TestHost.StartAsync(_store, new HttpFacadeOptions { RetryDelay = TimeSpan.FromSeconds(3) });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(WriteStatus.PreconditionFailed, 412, "precondition-failed")]
    [InlineData(WriteStatus.NotLeader, 503, "unavailable")]
    [InlineData(WriteStatus.OutcomeUnknown, 504, "outcome-unknown")]
    [InlineData(WriteStatus.NotFound, 404, "not-found")]
    [InlineData(WriteStatus.RequestExpired, 410, "request-expired")]
    [InlineData(WriteStatus.IdempotencyMismatch, 422, "idempotency-mismatch")]
    [InlineData(WriteStatus.Throttled, 503, "throttled")]
    [InlineData(WriteStatus.NeverApplied, 410, "request-expired")]
    [InlineData(WriteStatus.Unavailable, 503, "unavailable")]
    [InlineData(WriteStatus.DiskFull, 503, "disk-full")]
    [InlineData((WriteStatus)200, 504, "outcome-unknown")]
    public async Task WriteStatus_HasItsAnswer(WriteStatus status, int http, string code)
    {
        _store.Write = (_, _, _, _) => Task.FromResult(new WriteResult(status, new Revision(3)));
        foreach (var reply in (TestReply[])
        [
            await _host.PutAsync("a", "1"),
            await _host.SendAsync("DELETE", "/v1/kv/a"),
            status == WriteStatus.NotFound ? await _host.SendAsync("DELETE", "/v1/kv/a") : await _host.SendAsync("POST", "/v1/txn", """{"then":[{"delete":{"key":"a"}}]}"""),
        ])
        {
            // The id is the store's: with it the caller asks for the outcome.
            Assert.Equal(ScriptedStore.Id.ToString(), reply.AssertProblem(http, code).Member("requestId"));
            Assert.Equal("2", reply.Header("OrleansStore-Bucket"));
            Assert.Equal(http == 503 ? "3" : null, reply.Header("Retry-After"));
        }
    }

    [Fact]
    public void EveryStatusOfTheStore_IsMapped()
    {
        Assert.All(Enum.GetValues<WriteStatus>(), s => Assert.Equal(s == WriteStatus.Applied, ProblemTypes.Of(s) is null));
        Assert.All(Enum.GetValues<ReadStatus>(), s => Assert.Equal(s == ReadStatus.Found, ProblemTypes.Of(s) is null));
        Assert.All(Enum.GetValues<ErrorCode>(), c => Assert.Equal((int)c >= 100, ProblemTypes.Of(c) is null));
        Assert.Equal(ProblemTypes.All.Length, ProblemTypes.All.Select(t => t.Code).Distinct().Count());
    }

    // Only what was provably not proposed may be called a failure: the codes of invariant 5.
    [Fact]
    public void UnknownFate_IsNeverAFailure()
    {
        foreach (var status in Enum.GetValues<WriteStatus>())
        {
            Assert.Equal(status == WriteStatus.OutcomeUnknown, ProblemTypes.Of(status) == ProblemTypes.OutcomeUnknown);
        }
    }

    [Theory]
    [InlineData(ReadStatus.NotFound, 404, "not-found")]
    [InlineData(ReadStatus.NotLeader, 503, "unavailable")]
    [InlineData(ReadStatus.Unavailable, 503, "unavailable")]
    [InlineData(ReadStatus.Throttled, 503, "throttled")]
    public async Task ReadStatus_HasItsAnswer(ReadStatus status, int http, string code)
    {
        _store.Read = (_, _) => Task.FromResult(new ReadResult(status, null, default, default));
        (await _host.GetAsync("/v1/kv/a")).AssertProblem(http, code);
        var eventual = (await _host.GetAsync("/v1/kv/a?consistency=eventual")).AssertProblem(http, code);
        Assert.Equal(status == ReadStatus.NotFound, eventual.Headers.ContainsKey("OrleansStore-Applied-Index"));
        if (status != ReadStatus.NotFound)
        {
            _store.Scan = _ => new ScanReply(status, [], null);
            (await _host.GetAsync("/v1/kv")).AssertProblem(http, code);
        }
    }

    [Theory]
    [InlineData(OutcomeStatus.Throttled, 503, "throttled")]
    [InlineData(OutcomeStatus.NotLeader, 503, "unavailable")]
    [InlineData(OutcomeStatus.Unavailable, 503, "unavailable")]
    [InlineData(OutcomeStatus.Unknown, 504, "outcome-unknown")]
    public async Task OutcomeStatus_WithoutAnAnswer_IsAnError(OutcomeStatus status, int http, string code)
    {
        _store.Outcome = _ => new OutcomeResult(status);
        var reply = await _host.SendAsync("POST", "/v1/outcomes", """{"key":"a","requestId":"k:b"}""");
        Assert.Equal("k:b", reply.AssertProblem(http, code).Member("requestId"));
    }

    [Theory]
    [InlineData(0.001, "1")]
    [InlineData(1.0, "1")]
    [InlineData(1.001, "2")]
    [InlineData(90, "90")]
    public async Task RetryAfter_IsTheStoresAdvice_InWholeSecondsRoundedUp(double seconds, string header)
    {
        _store.Write = (_, _, _, _) => Task.FromResult(new WriteResult(WriteStatus.Throttled, default) { RetryAfter = TimeSpan.FromSeconds(seconds) });
        Assert.Equal(header, (await _host.PutAsync("a", "1")).Header("Retry-After"));
    }

    [Theory]
    [InlineData(ErrorCode.CrossBucket, 400, "cross-bucket", 400, "cross-bucket")]
    [InlineData(ErrorCode.Forbidden, 403, "forbidden", 403, "forbidden")]
    [InlineData(ErrorCode.Unavailable, 503, "unavailable", 503, "unavailable")]
    [InlineData(ErrorCode.StorageFailed, 504, "outcome-unknown", 503, "unavailable")]
    public async Task StoreException_HasTheAnswerOfItsCode(ErrorCode thrown, int write, string writeCode, int read, string readCode)
    {
        _store.Write = (_, _, _, _) => throw new StoreException(thrown, "The reason.");
        _store.Read = (_, _) => throw new StoreException(thrown, "The reason.");
        (await _host.PutAsync("a", "1")).AssertProblem(write, writeCode);
        (await _host.GetAsync("/v1/kv/a")).AssertProblem(read, readCode);
        Assert.Empty(_host.Complaints);
    }

    [Fact]
    public async Task FaultOfThisProcess_LeavesAWriteUnknown_AndARead500_AndIsLogged()
    {
        _store.Write = (_, _, _, _) => throw new InvalidOperationException("fault");
        _store.Read = (_, _) => throw new InvalidOperationException("fault");
        Assert.Equal("k:id", (await _host.PutAsync("a", "1", ("Idempotency-Key", "id"))).AssertProblem(504, "outcome-unknown").Member("requestId"));
        Assert.Single(_host.Complaints);
        var reply = (await _host.GetAsync("/v1/kv/secret")).AssertProblem(500, "internal-error");
        Assert.Equal(2, _host.Complaints.Count);
        Assert.Contains(reply.Member("requestId")!, _host.Complaints.Last(), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", _host.Complaints.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteThatTheStoreGaveUp_IsUnknown()
    {
        _store.Write = (_, _, _, _) => throw new OperationCanceledException();
        (await _host.PutAsync("a", "1")).AssertProblem(504, "outcome-unknown");
        _store.Read = (_, _) => throw new OperationCanceledException();
        (await _host.GetAsync("/v1/kv/a")).AssertProblem(503, "unavailable");
    }

    [Theory]
    [InlineData("GET", "/", 404)]
    [InlineData("GET", "/v1", 404)]
    [InlineData("GET", "/v1/", 404)]
    [InlineData("GET", "/v2/kv/a", 404)]
    [InlineData("GET", "/v1/kv2", 404)]
    [InlineData("GET", "/v1/txn/", 404)]
    [InlineData("GET", "/V1/kv/a", 404)]
    [InlineData("GET", "//v1/kv/a", 404)]
    [InlineData("GET", "/v1/%6Bv/a", 404)]
    [InlineData("PATCH", "/nowhere", 404)]
    public async Task UnknownPath_Is404(string verb, string path, int status)
    {
        using var raw = await _host.ConnectAsync();
        (await raw.ExchangeAsync($"{verb} {path} HTTP/1.1")).AssertProblem(status, "not-found");
    }

    [Theory]
    [InlineData("POST", "/v1/kv/a", "GET, HEAD, PUT, DELETE")]
    [InlineData("PATCH", "/v1/kv/a", "GET, HEAD, PUT, DELETE")]
    [InlineData("OPTIONS", "/v1/kv/a", "GET, HEAD, PUT, DELETE")]
    [InlineData("get", "/v1/kv/a", "GET, HEAD, PUT, DELETE")]
    [InlineData("POST", "/v1/kv?key64=YQ", "GET, HEAD, PUT, DELETE")]
    [InlineData("POST", "/v1/kv", "GET, HEAD")]
    [InlineData("GET", "/v1/txn", "POST")]
    [InlineData("HEAD", "/v1/outcomes", "POST")]
    [InlineData("PUT", "/v1/status", "GET, HEAD")]
    [InlineData("POST", "/health/live", "GET, HEAD")]
    [InlineData("DELETE", "/health/ready", "GET, HEAD")]
    [InlineData("POST", "/metrics", "GET, HEAD")]
    [InlineData("POST", "/openapi/v1.json", "GET, HEAD")]
    public async Task OtherMethod_Is405WithAllow(string verb, string path, string allow)
    {
        using var raw = await _host.ConnectAsync();
        var reply = await raw.ExchangeAsync($"{verb} {path} HTTP/1.1");
        Assert.Equal((405, allow), (reply.Status, reply.Header("Allow")));
        if (verb != "HEAD")
        {
            reply.AssertProblem(405, "method-not-allowed");
        }
    }

    [Theory]
    [InlineData(null, 5000)]
    [InlineData("1", 1)]
    [InlineData("60000", 60000)]
    public async Task Timeout_IsTheDeadline_OfEveryRequest(string? header, int milliseconds)
    {
        List<TimeSpan> seen = [];
        _store.Write = (_, _, context, _) => Seen(context, new WriteResult(WriteStatus.Unavailable, default));
        _store.Read = (context, _) => Seen(context, new ReadResult(ReadStatus.Unavailable, null, default, default));
        (string, string)[] headers = header is null ? [] : [("OrleansStore-Timeout", header)];
        await _host.GetAsync("/v1/kv/a", headers);
        await _host.SendAsync("DELETE", "/v1/kv/a", null, headers);
        Assert.Equal(2, seen.Count);
        Assert.All(seen, t => Assert.InRange(t.TotalMilliseconds, Math.Max(1, milliseconds - 1000), milliseconds));

        Task<T> Seen<T>(RequestContext context, T answer)
        {
            seen.Add(context.Timeout);
            return Task.FromResult(answer);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("60001")]
    [InlineData("1.5")]
    [InlineData("5s")]
    [InlineData("99999999999999999999")]
    public async Task Timeout_IsRefused_OutsideOf1To60000(string header)
    {
        foreach (var (verb, path) in ((string, string)[])[("GET", "/v1/kv/a"), ("PUT", "/v1/kv/a"), ("DELETE", "/v1/kv/a"), ("GET", "/v1/kv"), ("POST", "/v1/txn"), ("POST", "/v1/outcomes")])
        {
            (await _host.SendAsync(verb, path, null, ("OrleansStore-Timeout", header))).AssertProblem(400, "bad-request");
        }
    }

    [Fact]
    public async Task Disconnect_EndsTheWaiting()
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _store.Write = async (_, _, _, token) =>
        {
            entered.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, token);
            }
            finally
            {
                cancelled.SetResult();
            }

            return null!;
        };
        using (var raw = await _host.ConnectAsync())
        {
            await raw.SendAsync("PUT /v1/kv/a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
            await entered.Task.WaitAsync(TimeSpan.FromSeconds(10));
        }

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(_host.Complaints);
    }

    [Fact]
    public async Task Principal_IsTheUserThatMiddlewareFound()
    {
        List<ClaimsPrincipal> seen = [];
        var known = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "alice")], "test"));
        _store.Read = (context, _) =>
        {
            seen.Add(context.Principal);
            return Task.FromResult(new ReadResult(ReadStatus.NotFound, null, default, default));
        };
        await using var host = await TestHost.StartAsync(_store, use: app => app.Use((context, next) =>
        {
            context.User = known;
            return next(context);
        }));
        await host.GetAsync("/v1/kv/a");
        await _host.GetAsync("/v1/kv/a");
        Assert.Same(known, seen[0]);
        Assert.False(seen[1].Identity!.IsAuthenticated);
    }
}
