using Microsoft.AspNetCore.Builder;
using OrleansStore.Http.Tests.Support;

namespace OrleansStore.Http.Tests;

// REST interface v1, "Routes": status and health; and how the process stops and protects itself.
[Trait("Category", "Integration")]
public sealed class OperationsTests
{
    [Fact]
    public async Task Status_TellsDatacentersLinksAndBuckets()
    {
        await using var host = await TestHost.StartAsync();
        var status = (await host.GetAsync("/v1/status")).Json.AsObject();
        Assert.Equal(["datacenter", "storeId", "epoch", "datacenters", "links", "buckets"], status.Select(m => m.Key));
        Assert.Equal(("dc1", "00000000000000000000000000000007", 3), (status["datacenter"]!.ToString(), status["storeId"]!.ToString(), (int)status["epoch"]!));
        Assert.Equal("""{"id":2,"name":"dc2","weight":2}""", status["datacenters"]![1]!.ToJsonString());
        Assert.Equal(
            """{"peer":"dc2","state":"refused","reason":"store id","roundTripMs":1.5,"skewMs":-2,"queuedBytes":0,"refused":0,"sentBytes":10,"receivedBytes":20}""",
            status["links"]![0]!.ToJsonString());
        Assert.Equal(4, status["buckets"]!.AsArray().Count);
        Assert.Equal(
            """{"id":1,"primary":"dc1","leader":"dc1","term":2,"commit":9,"applied":8,"state":"leader","replicas":["dc1","dc2"]}""", status["buckets"]![1]!.ToJsonString());
        Assert.Null(status["buckets"]![0]!["leader"]);
    }

    [Fact]
    public async Task Status_OfManyBuckets_IsStreamed()
    {
        var bucket = new MemoryStore().GetStatus().Buckets[0];
        var store = new ScriptedStore { Status = () => new MemoryStore().GetStatus() with { StoreId = StoreId.None, Buckets = [.. Enumerable.Repeat(bucket, 20_000)] } };
        await using var host = await TestHost.StartAsync(store);
        var status = (await host.GetAsync("/v1/status")).Json;
        Assert.Null(status["storeId"]);
        Assert.Equal(20_000, status["buckets"]!.AsArray().Count);
        (await host.GetAsync("/v1/status?a=b")).AssertProblem(400, "bad-request");
    }

    [Fact]
    public async Task Health_TellsWhyItIsNotReady()
    {
        var store = new MemoryStore { NotReadyReason = "Waiting for dc3." };
        await using var host = await TestHost.StartAsync(store);
        Assert.Equal((200, "live"), ((await host.GetAsync("/health/live")).Status, (await host.GetAsync("/health/live")).Member("status")));
        Assert.Equal("Waiting for dc3.", (await host.GetAsync("/health/ready")).AssertProblem(503, "unavailable").Member("detail"));
        store.NotReadyReason = null;
        Assert.Equal((200, "ready"), ((await host.GetAsync("/health/ready?probe=1")).Status, (await host.GetAsync("/health/ready")).Member("status")));
    }

    [Theory]
    [InlineData("/v1/status")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/metrics")]
    [InlineData("/openapi/v1.json")]
    public async Task Head_AnswersAsGetDoes_WithoutBody(string path)
    {
        await using var host = await TestHost.StartAsync();
        var get = await host.GetAsync(path);
        using var raw = await host.ConnectAsync();
        var head = await raw.ExchangeAsync($"HEAD {path} HTTP/1.1");
        Assert.Equal((get.Status, get.Header("Content-Type")), (head.Status, head.Header("Content-Type")));
        Assert.Equal(200, (await raw.ExchangeAsync("GET /health/live HTTP/1.1")).Status);
    }

    [Fact]
    public async Task Requests_AreThrottled_PastTheBound_ButHealthIsNot()
    {
        var gate = new TaskCompletionSource();
        var entered = new SemaphoreSlim(0);
        var store = new ScriptedStore
        {
            Read = async (_, _) =>
            {
                entered.Release();
                await gate.Task;
                return new ReadResult(ReadStatus.NotFound, null, default, default);
            },
        };
        await using var host = await TestHost.StartAsync(store, new HttpFacadeOptions { MaxConcurrentRequests = 2 });
        var blocked = (Task<TestReply>[])[host.GetAsync("/v1/kv/a"), host.GetAsync("/v1/kv/b")];
        await entered.WaitAsync();
        await entered.WaitAsync();
        (await host.PutAsync("a", "1")).AssertProblem(503, "throttled");
        (await host.GetAsync("/v1/kv")).AssertProblem(503, "throttled");
        Assert.Equal(200, (await host.GetAsync("/health/live")).Status);
        Assert.Equal(200, (await host.GetAsync("/v1/status")).Status);
        await host.AwaitMetricAsync("orleansstore_http_throttled_total{datacenter=\"dc1\"} 2");
        gate.SetResult();
        Assert.All(await Task.WhenAll(blocked), r => Assert.Equal(404, r.Status));
        await host.AwaitMetricAsync("orleansstore_http_in_flight{datacenter=\"dc1\"} 1");
        Assert.Equal(201, (await host.PutAsync("a", "1")).Status);
    }

    [Fact]
    public async Task Bodies_AreThrottled_PastTheirMemory_AndItIsGivenBack()
    {
        var gate = new TaskCompletionSource();
        var entered = new SemaphoreSlim(0);
        var store = new ScriptedStore
        {
            Write = async (_, _, _, _) =>
            {
                entered.Release();
                await gate.Task;
                return new WriteResult(WriteStatus.Applied, new Revision(1)) { Operations = [OperationOutcome.Created] };
            },
        };
        var options = new HttpFacadeOptions { MaxValueBytes = 30_000, MaxJsonBodyBytes = 65_536, MaxBufferedBodyBytes = 65_536 };
        await using var host = await TestHost.StartAsync(store, options);
        var value = new string('x', 30_000);
        var blocked = (Task<TestReply>[])[host.PutAsync("a", value), host.PutAsync("b", value)];
        await entered.WaitAsync();
        await entered.WaitAsync();
        (await host.PutAsync("c", value)).AssertProblem(503, "throttled");
        using var raw = await host.ConnectAsync();
        (await raw.ExchangeAsync("PUT /v1/kv/d HTTP/1.1\nTransfer-Encoding: chunked", $"4e20\r\n{new string('x', 20_000)}\r\n0\r\n\r\n")).AssertProblem(503, "throttled");
        await host.AwaitMetricAsync("orleansstore_http_body_bytes{datacenter=\"dc1\"} 60000");
        gate.SetResult();
        Assert.All(await Task.WhenAll(blocked), r => Assert.Equal(201, r.Status));
        await host.AwaitMetricAsync("orleansstore_http_body_bytes{datacenter=\"dc1\"} 0");
        Assert.Equal(201, (await host.PutAsync("c", value)).Status);
    }

    [Fact]
    public async Task Stopping_FinishesWhatIsInFlight()
    {
        var gate = new TaskCompletionSource();
        var entered = new TaskCompletionSource();
        var store = new ScriptedStore
        {
            Write = async (_, _, _, _) =>
            {
                entered.SetResult();
                await gate.Task;
                return new WriteResult(WriteStatus.Applied, new Revision(1)) { Operations = [OperationOutcome.Created] };
            },
        };
        await using var host = await TestHost.StartAsync(store);
        var write = host.PutAsync("a", "1");
        await entered.Task;
        var stopping = host.App.StopAsync();
        Assert.False(stopping.IsCompleted);
        gate.SetResult();
        Assert.Equal(201, (await write).Status);
        await stopping;
        Assert.Empty(host.Complaints);
    }

    [Fact]
    public async Task OtherEndpointsOfTheServer_KeepTheirPaths()
    {
        await using var host = await TestHost.StartAsync(use: app => app.MapGet("/console", () => "console"));
        Assert.Equal("console", (await host.GetAsync("/console")).Text);
        (await host.GetAsync("/other")).AssertProblem(404, "not-found");
        (await host.GetAsync("/v1/kv/console")).AssertProblem(404, "not-found");
    }

    [Fact]
    public void Options_ReportAllMistakesAtOnce()
    {
        Assert.Empty(new HttpFacadeOptions().FindErrors());
        var bad = new HttpFacadeOptions
        {
            MaxValueBytes = 0,
            MaxJsonBodyBytes = 1,
            MaxBufferedBodyBytes = -1,
            MaxConcurrentRequests = 0,
            DefaultTimeout = TimeSpan.FromSeconds(61),
            MaxTimeout = TimeSpan.FromSeconds(61),
            DrainLimitBytes = -1,
            DrainTimeout = TimeSpan.FromHours(1),
            RetryDelay = TimeSpan.Zero,
            MaxSeriesPerMetric = 0,
        };
        var message = Assert.Throws<ArgumentException>(bad.Validate).Message;
        Assert.All(typeof(HttpFacadeOptions).GetProperties().Where(p => p.Name is not ("DefaultTimeout" or "EqualityContract")), p => Assert.Contains($"{p.Name} is ", message, StringComparison.Ordinal));
        Assert.Contains("DefaultTimeout is", new HttpFacadeOptions { DefaultTimeout = TimeSpan.FromSeconds(3), MaxTimeout = TimeSpan.FromSeconds(2) }.FindErrors().Single(), StringComparison.Ordinal);
    }
}
