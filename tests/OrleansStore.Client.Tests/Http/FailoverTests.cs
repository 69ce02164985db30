using System.Diagnostics;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Client.Tests.Http;

/// <summary>Which endpoint gets a request, and when.</summary>
[Trait("Category", "Integration")]
public sealed class FailoverTests
{
    // Broken in the middle of an answer: a read whose connection broke before any of it, the handler itself sends again on another one.
    private static readonly ScriptedReply Broken = ScriptedReply.Value("long enough").Truncated(5);

    [Fact]
    public async Task Requests_GoToTheFirstEndpoint_WhileItServes()
    {
        await using var first = ScriptedServer.Answering(ScriptedReply.Value("x"));
        await using var second = ScriptedServer.Answering(ScriptedReply.Value("x"));
        using var store = Scripted.Connect(first, second);

        for (var i = 0; i < 5; i++)
        {
            await store.GetAsync(Scripted.Key);
        }

        Assert.Equal((5, 0), (first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task Requests_GoToTheNextEndpoint_WhenTheFirstRefusesConnections()
    {
        await using var second = ScriptedServer.Answering(ScriptedReply.Value("x", 9));
        using var store = Scripted.Connect([Scripted.Nobody(), second.Address]);

        var item = await store.GetAsync(Scripted.Key);

        Assert.Equal((new Revision(9), "x", "text/plain"), (item!.Revision, item.GetText(), item.ContentType));
    }

    [Fact]
    public async Task Write_IsApplied_WhenOnlyUnreachableAndUnavailableEndpointsCameFirst()
    {
        await using var second = ScriptedServer.Answering(ScriptedReply.Problem(503, "unavailable", ("Retry-After", "60")));
        await using var third = ScriptedServer.Answering(ScriptedReply.Put(3, 201));
        using var store = Scripted.Connect([Scripted.Nobody(), second.Address, third.Address]);

        var applied = (await store.PutAsync()).ThrowIfNotApplied();

        Assert.Equal([OperationOutcome.Created], applied.Operations.AsEnumerable());
        Assert.Equal(Assert.Single(second.Requests).RequestId, Assert.Single(third.Requests).RequestId);
    }

    [Theory]
    [InlineData(503, "disk-full")]
    [InlineData(504, "outcome-unknown")]
    public async Task TheNextCopy_GoesToAnotherEndpoint_ThoughTheFirstDoesNotRest(int status, string code)
    {
        await using var first = ScriptedServer.Answering(ScriptedReply.Problem(status, code));
        await using var second = ScriptedServer.Answering(ScriptedReply.Put(1));
        using var store = Scripted.Connect(first, second);

        (await store.PutAsync()).ThrowIfNotApplied();
        (await store.PutAsync()).ThrowIfNotApplied();

        Assert.Equal((2, 2), (first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task AnEndpointThatBroke_IsLeftAlone()
    {
        await using var first = ScriptedServer.Answering(Broken);
        await using var second = ScriptedServer.Answering(ScriptedReply.Value("x"));
        using var store = Scripted.Connect(first, second);

        for (var i = 0; i < 5; i++)
        {
            await store.GetAsync(Scripted.Key);
        }

        Assert.Equal((1, 5), (first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task AnEndpointThatIsSlow_IsLeftAlone_AfterSeveralRequests()
    {
        await using var first = ScriptedServer.Answering(ScriptedReply.Silence());
        await using var second = ScriptedServer.Answering(ScriptedReply.Value("x"));
        using var store = Scripted.Connect([first.Address, second.Address], options =>
        {
            options.AttemptTimeout = TimeSpan.FromMilliseconds(30);
            options.FailuresBeforeRest = 3;
        });

        for (var i = 0; i < 6; i++)
        {
            await store.GetAsync(Scripted.Key);
        }

        Assert.Equal((3, 6), (first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task TheFirstEndpoint_IsUsedAgain_OnceAProbeIsServed()
    {
        await using var first = ScriptedServer.Answering(Broken, ScriptedReply.Value("x"));
        await using var second = ScriptedServer.Answering(ScriptedReply.Value("x"));
        using var store = Scripted.Connect([first.Address, second.Address], options => options.EndpointRest = options.MaxEndpointRest = TimeSpan.FromMilliseconds(50));

        await store.GetAsync(Scripted.Key);
        Assert.Single(second.Requests);
        await Until.TrueAsync("a probe was sent", async () =>
        {
            await store.GetAsync(Scripted.Key);
            return first.Requests.Count == 2;
        });
        var before = second.Requests.Count;
        await store.GetAsync(Scripted.Key);

        Assert.Equal((3, before), (first.Requests.Count, second.Requests.Count));
    }

    [Fact]
    public async Task ARequest_IsTriedAgain_WhereEveryEndpointRests()
    {
        await using var only = ScriptedServer.Answering(Broken, Broken, ScriptedReply.Value("x"));
        using var store = Scripted.Connect(only);

        Assert.NotNull(await store.GetAsync(Scripted.Key));
        Assert.Equal(3, only.Requests.Count);
    }

    [Fact]
    public async Task RetryAfter_IsHonoured_WhereThereIsNoOtherEndpoint()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Problem(503, "throttled", ("Retry-After", "1")), ScriptedReply.Put(1));
        using var store = Scripted.Connect(server);
        var started = Stopwatch.GetTimestamp();

        (await store.PutAsync()).ThrowIfNotApplied();

        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0.95, 5);
    }

    [Fact]
    public async Task ACall_EndsAtOnce_WhereRetryAfterLiesBeyondItsDeadline()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Problem(503, "throttled", ("Retry-After", "30")));
        using var store = Scripted.Connect(server);
        var started = Stopwatch.GetTimestamp();

        var e = await Assert.ThrowsAsync<StoreException>(async () => await store.PutAsync());

        Assert.Equal(ErrorCode.Throttled, e.Code);
        Assert.Single(server.Requests);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Deadline_IsToldToTheServer_AndLeavesItTimeToAnswer()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Value("x"));
        using var store = Scripted.Connect([server.Address], options => options.AttemptTimeout = TimeSpan.FromSeconds(2));

        await store.GetAsync(Scripted.Key, new ReadOptions { Timeout = TimeSpan.FromSeconds(60) });
        await store.GetAsync(Scripted.Key, new ReadOptions { Timeout = TimeSpan.FromMilliseconds(500), Consistency = ReadConsistency.Eventual });

        var told = server.Requests.Select(request => int.Parse(request.Headers["OrleansStore-Timeout"], System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.InRange(told[0], 1500, 1999);
        Assert.InRange(told[1], 300, 499);
        Assert.Equal(["/v1/kv/a", "/v1/kv/a?consistency=eventual"], server.Requests.Select(request => request.Target));
    }

    [Fact]
    public async Task Read_Fails_WhenNobodyAnswersInTime()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Silence());
        using var store = Scripted.Connect(server);

        var e = await Assert.ThrowsAsync<StoreException>(async () => await store.GetAsync(Scripted.Key, new ReadOptions { Timeout = TimeSpan.FromMilliseconds(60) }));

        Assert.Equal((ErrorCode.Unavailable, true), (e.Code, e.IsTransient));
    }

    [Fact]
    public async Task Connections_AreUsedAgain()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Put(1), ScriptedReply.Problem(412, "precondition-failed"), ScriptedReply.Problem(404, "not-found"), ScriptedReply.Value("x"));
        using var store = Scripted.Connect(server);

        await store.PutAsync();
        await store.PutAsync();
        Assert.Null(await store.GetAsync(Scripted.Key));
        await store.GetAsync(Scripted.Key);

        Assert.Equal(1, server.ConnectionCount);
    }

    [Fact]
    public async Task Scan_GoesOnElsewhere_WhenAPageFails()
    {
        const string page1 = """{"items":[{"key":"a%2D","revision":1,"size":1,"contentType":"x/y","value":"AQ=="}],"next":"c+/="}""";
        const string page2 = """{"items":[{"key":"b","revision":2,"size":0,"contentType":"application/octet-stream","value":""}],"next":null}""";
        await using var first = ScriptedServer.Answering(ScriptedReply.Of(200, page1), ScriptedReply.Reset());
        await using var second = ScriptedServer.Answering(ScriptedReply.Of(200, page2));
        using var store = Scripted.Connect(first, second);
        List<StoreItem> items = [];

        await foreach (var item in store.ScanAsync(new ScanOptions { Prefix = new byte[] { 0, (byte)'/' }, PageSize = 1 }))
        {
            items.Add(item);
        }

        Assert.Equal([StoreKey.FromText("a-"), StoreKey.FromText("b")], items.Select(item => item.Key));
        Assert.Equal("/v1/kv?limit=1&prefix=%00/&values=true", first.Requests[0].Target);
        Assert.Equal("/v1/kv?limit=1&prefix=%00/&values=true&cursor=c%2B%2F%3D", Assert.Single(second.Requests).Target);
    }
}
