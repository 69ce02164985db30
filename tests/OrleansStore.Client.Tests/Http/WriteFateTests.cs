using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Client.Tests.Http;

/// <summary>What becomes of a write whose copies meet faults: one id for all of them, and no certainty that nobody gave.</summary>
[Trait("Category", "Integration")]
public sealed class WriteFateTests
{
    public static readonly TheoryData<string> Losses = ["504", "reset", "truncated", "not json", "no revision", "redirect", "html 502", "empty 200", "unknown code", "too long"];

    [Theory, MemberData(nameof(Losses))]
    public async Task Write_IsSentAgainUnderItsId_WhenACopyIsLost(string loss)
    {
        await using var server = ScriptedServer.Answering(Loss(loss), ScriptedReply.Put(7));
        using var store = Scripted.Connect(server);

        var outcome = await store.PutAsync();

        Assert.Equal(new Revision(7), outcome.ThrowIfNotApplied().Revision);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(outcome.RequestId.ToString(), Assert.Single(server.Requests.Select(request => request.RequestId).Distinct()));
        Assert.All(server.Requests, request => Assert.Equal(Scripted.Value, request.Body));
    }

    [Theory, MemberData(nameof(Losses))]
    public async Task Write_EndsAsUnknown_WhenNoCopyIsAnsweredInTime(string loss)
    {
        await using var server = ScriptedServer.Answering(Loss(loss));
        using var store = Scripted.Connect([server.Address], options => options.Timeout = TimeSpan.FromMilliseconds(800));

        var outcome = Assert.IsType<WriteOutcome.Unknown>(await store.PutAsync());

        Assert.Equal(outcome.RequestId.ToString(), server.Requests[0].RequestId);
        Assert.Null(outcome.IdempotencyKey);
        Assert.IsType<StoreException>(outcome.Cause);
        Assert.Equal(ErrorCode.OutcomeUnknown, Assert.Throws<StoreException>(() => outcome.ThrowIfNotApplied()).Code);
    }

    [Theory]
    [InlineData(503, "unavailable")]
    [InlineData(503, "throttled")]
    [InlineData(503, "disk-full")]
    [InlineData(410, "request-expired")]
    [InlineData(403, "forbidden")]
    [InlineData(400, "bad-request")]
    [InlineData(413, "value-too-large")]
    public async Task Write_EndsAsUnknown_WhenACopyWasLostBeforeARefusal(int status, string code)
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Reset(), ScriptedReply.Problem(status, code));
        using var store = Scripted.Connect([server.Address], options => options.Timeout = TimeSpan.FromMilliseconds(800));

        Assert.IsType<WriteOutcome.Unknown>(await store.PutAsync());
    }

    [Fact]
    public async Task Write_IsRejected_WhenTheStoreSaysSoAfterALostCopy()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Reset(), ScriptedReply.Problem(412, "precondition-failed"));
        using var store = Scripted.Connect(server);

        var outcome = await store.PutAsync(Scripted.Key, Scripted.Value, WriteCondition.NotExists);

        Assert.Equal(0, Assert.IsType<WriteOutcome.PreconditionFailed>(outcome).FailedGuard);
        Assert.All(server.Requests, request => Assert.Equal("*", request.Headers["If-None-Match"]));
    }

    [Theory]
    [InlineData(503, "unavailable", ErrorCode.Unavailable, true)]
    [InlineData(503, "throttled", ErrorCode.Throttled, true)]
    [InlineData(503, "disk-full", ErrorCode.DiskFull, true)]
    [InlineData(410, "request-expired", ErrorCode.RequestExpired, false)]
    [InlineData(422, "idempotency-mismatch", ErrorCode.IdempotencyMismatch, false)]
    [InlineData(403, "forbidden", ErrorCode.Forbidden, false)]
    [InlineData(400, "cross-bucket", ErrorCode.CrossBucket, false)]
    [InlineData(400, "bad-request", ErrorCode.BadRequest, false)]
    public async Task Write_Fails_WhenEveryCopyProvablyDidNothing(int status, string code, ErrorCode expected, bool isTransient)
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Problem(status, code));
        using var store = Scripted.Connect([server.Address], options => options.Timeout = TimeSpan.FromMilliseconds(100));

        var e = await Assert.ThrowsAsync<StoreException>(async () => await store.PutAsync(new WriteOptions { IdempotencyKey = "mine" }));

        Assert.Equal((expected, isTransient), (e.Code, e.IsTransient));
        Assert.Equal(isTransient, server.Requests.Count > 1);
    }

    [Fact]
    public async Task Write_Fails_WhenNobodyCanBeReached()
    {
        using var store = Scripted.Connect([Scripted.Nobody(), Scripted.Nobody()], options => options.Timeout = TimeSpan.FromMilliseconds(100));

        var e = await Assert.ThrowsAsync<StoreException>(async () => await store.PutAsync());

        Assert.Equal((ErrorCode.Unavailable, true), (e.Code, e.IsTransient));
    }

    [Fact]
    public async Task Write_Fails_WhenAConnectionTakesTooLong_BecauseItWasNeverSent()
    {
        using var store = Scripted.Connect([Scripted.Nobody()], options =>
        {
            options.ConnectTimeout = TimeSpan.FromMilliseconds(30);
            options.Timeout = TimeSpan.FromMilliseconds(200);
            options.ConfigureHandler = handler => handler.ConnectCallback = async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                return Stream.Null;
            };
        });

        var e = await Assert.ThrowsAsync<StoreException>(async () => await store.PutAsync());

        Assert.Equal((ErrorCode.Unavailable, true), (e.Code, e.IsTransient));
    }

    [Fact]
    public async Task Write_EndsAsUnknown_WhenTheAnswerDoesNotComeInTime()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Silence());
        using var store = Scripted.Connect([server.Address], options => options.AttemptTimeout = TimeSpan.FromMilliseconds(40));

        var outcome = await store.PutAsync(new WriteOptions { Timeout = TimeSpan.FromMilliseconds(200) });

        Assert.IsType<WriteOutcome.Unknown>(outcome);
        Assert.InRange(server.Requests.Count, 2, 5);
        Assert.Single(server.Requests.Select(request => request.RequestId).Distinct());
    }

    [Fact]
    public async Task Write_KeepsTheCallersId()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Reset(), ScriptedReply.Put(1));
        using var store = Scripted.Connect(server);

        var outcome = await store.PutAsync(new WriteOptions { IdempotencyKey = "order 7" });

        Assert.Equal(RequestId.ForKey("order 7"), outcome.RequestId);
        Assert.All(server.Requests, request => Assert.Equal("order 7", request.IdempotencyKey));
    }

    [Fact]
    public async Task Write_TellsUpToWhichAllAreAnswered_AndLeavesTheSessionOfAnUnknownOne()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Put(1), ScriptedReply.Put(2), ScriptedReply.Problem(412, "precondition-failed"), ScriptedReply.Problem(504, "outcome-unknown"), ScriptedReply.Put(3));
        using var store = Scripted.Connect([server.Address], options => options.AttemptTimeout = TimeSpan.FromMilliseconds(40));

        await store.PutAsync();
        await store.PutAsync();
        await store.PutAsync(Scripted.Key, Scripted.Value, WriteCondition.NotExists);
        Assert.IsType<WriteOutcome.Unknown>(await store.PutAsync(new WriteOptions { Timeout = TimeSpan.FromMilliseconds(1) }));
        await store.PutAsync();

        var places = server.Requests.Select(request => request.Session!.Split(':')).ToList();
        Assert.Equal(["1:0", "2:1", "3:2", "4:3", "1:0"], places.Select(place => $"{place[1]}:{place[2]}"));
        Assert.Single(places.Take(4).Select(place => place[0]).Distinct());
        Assert.NotEqual(places[0][0], places[4][0]);
    }

    [Fact]
    public async Task Write_IsSentUnderAKey_WhenTheStoreRefusesTheSession()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Problem(410, "request-expired"), ScriptedReply.Put(1));
        using var store = Scripted.Connect(server);

        var first = await store.PutAsync();
        var second = await store.PutAsync();

        Assert.Equal([true, false, false], server.Requests.Select(request => request.Session is not null));
        Assert.Equal([first.RequestId.ToString(), second.RequestId.ToString()], server.Requests.Skip(1).Select(request => request.RequestId));
        Assert.NotEqual(first.RequestId, second.RequestId);
    }

    [Fact]
    public async Task Writes_HaveDifferentIds_AlsoFromDifferentClients()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Put(1));
        using var one = Scripted.Connect(server);
        using var two = Scripted.Connect(server);

        for (var i = 0; i < 5; i++)
        {
            await one.PutAsync();
            await two.PutAsync();
        }

        Assert.Equal(10, server.Requests.Select(request => request.RequestId).Distinct().Count());
    }

    [Fact]
    public async Task Transaction_SendsTheSameBodyAgain_WhenACopyIsLost()
    {
        const string answer = """{"revision":4,"bucket":1,"durability":3,"requestId":"k:r","operations":["created","missing"]}""";
        await using var server = ScriptedServer.Answering(ScriptedReply.Reset(), ScriptedReply.Of(200, answer).Truncated(5), ScriptedReply.Of(200, answer));
        using var store = Scripted.Connect(server);

        var outcome = await store.Transact().When(Guard.RevisionIn(Scripted.Key, new Revision(3))).Put(Scripted.Key, "x").Delete(StoreKey.FromText("b")).CommitAsync();

        Assert.Equal((new Revision(4), 3), (outcome.ThrowIfNotApplied().Revision, outcome.ThrowIfNotApplied().DurableCopies));
        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(
            """{"guards":[{"key":"a","revision":3}],"then":[{"put":{"key":"a","value":"eA==","contentType":"text/plain; charset=utf-8"}},{"delete":{"key":"b"}}]}""",
            Assert.Single(server.Requests.Select(request => request.Text).Distinct()));
        Assert.Single(server.Requests.Select(request => request.RequestId).Distinct());
    }

    [Fact]
    public async Task Cancellation_EndsTheWaiting_AndSaysThatTheWriteGoesOn()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Silence());
        using var store = Scripted.Connect(server);
        using var source = new CancellationTokenSource();

        var put = store.PutAsync(cancellationToken: source.Token).AsTask();
        await Until.TrueAsync("the write is under way", () => server.Requests.Count == 1);
        await source.CancelAsync();

        var e = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
        Assert.Equal(source.Token, e.CancellationToken);
        Assert.Single(server.Requests);
    }

    private static ScriptedReply Loss(string name) => name switch
    {
        "504" => ScriptedReply.Problem(504, "outcome-unknown"),
        "reset" => ScriptedReply.Reset(),
        "truncated" => ScriptedReply.Put(1).Truncated(10),
        "not json" => ScriptedReply.Of(200, "<html></html>"),
        "no revision" => ScriptedReply.Of(200, "{}"),
        "redirect" => ScriptedReply.Of(307, "", ("Location", "http://127.0.0.1:1/elsewhere")),
        "html 502" => ScriptedReply.Of(502, "<html>Bad gateway</html>"),
        "empty 200" => ScriptedReply.Of(200),
        "unknown code" => ScriptedReply.Problem(503, "something-new"),
        _ => ScriptedReply.Of(200, new string(' ', 40 * 1024 * 1024)),
    };
}
