using OrleansStore.Http.Tests.Support;

namespace OrleansStore.Http.Tests;

// REST interface v1, "Routes": POST /v1/txn.
[Trait("Category", "Integration")]
public sealed class TransactionTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async Task InitializeAsync() => _host = await TestHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Transaction_ChangesAllKeysAtOneRevision()
    {
        await _host.PutAsync("%7Bg%7Dold", "x");
        var reply = await PostAsync(
            """{"guards":[{"key":"{g}old","exists":true}],"then":[{"put":{"key":"{g}%2fa","value":"AAH/","contentType":"a/b"}},{"delete":{"key":"{g}old"}},{"delete":{"key":"{g}none"}}]}""");
        Assert.Equal(200, reply.Status);
        Assert.Equal(2, (int)reply.Json["revision"]!);
        Assert.Equal(["created", "deleted", "missing"], reply.Json["operations"]!.AsArray().Select(o => o!.ToString()));
        Assert.Equal(reply.Header("OrleansStore-Bucket"), reply.Member("bucket"));
        Assert.Equal(reply.Header("OrleansStore-Request-Id"), reply.Member("requestId"));

        var put = await _host.GetAsync("/v1/kv/%7Bg%7D/a");
        Assert.Equal([0, 1, 255], put.Body);
        Assert.Equal(("a/b", "\"2\""), (put.Header("Content-Type"), put.Header("ETag")));
        Assert.Equal(404, (await _host.GetAsync("/v1/kv/%7Bg%7Dold")).Status);
    }

    // "{g}a" is at revision 1 with the value "x".
    [Theory]
    [InlineData("""{"key":"{g}a","exists":true}""", true)]
    [InlineData("""{"key":"{g}a","exists":false}""", false)]
    [InlineData("""{"key":"{g}b","exists":false}""", true)]
    [InlineData("""{"key":"{g}a","revision":1}""", true)]
    [InlineData("""{"key":"{g}a","revision":2}""", false)]
    [InlineData("""{"key":"{g}a","revision":0}""", false)]
    [InlineData("""{"key":"{g}b","revision":1}""", false)]
    [InlineData("""{"key":"{g}a","value":"eA=="}""", true)]
    [InlineData("""{"key":"{g}a","value":"eQ=="}""", false)]
    [InlineData("""{"key":"{g}a","value":""}""", false)]
    [InlineData("""{"key":"{g}a","revision":1,"exists":true,"value":"eA=="}""", true)]
    [InlineData("""{"key":"{g}a","revision":1,"exists":true,"value":"eQ=="}""", false)]
    public async Task Guard_Decides(string guard, bool holds)
    {
        await _host.PutAsync("%7Bg%7Da", "x");
        var reply = await PostAsync($$$"""{"guards":[{{{guard}}}],"then":[{"put":{"key":"{g}new","value":""}}]}""");
        Assert.Equal(holds ? 200 : 412, reply.Status);
        Assert.Equal(holds ? 200 : 404, (await _host.GetAsync("/v1/kv/%7Bg%7Dnew")).Status);
    }

    [Fact]
    public async Task FirstFailedGuard_IsNamedByItsPlaceInTheRequestAndItsKey()
    {
        await _host.PutAsync("%7Bg%7Da", "x");
        var reply = await PostAsync(
            """{"guards":[{"key":"{g}a","exists":true,"revision":1,"value":"eA=="},{"key":"{g}a","exists":true,"revision":9},{"key":"{g}b","exists":true}],"then":[]}""");
        reply.AssertProblem(412, "precondition-failed");
        Assert.Equal(1, (int)reply.Json["failedGuard"]!["index"]!);
        Assert.Equal("%7Bg%7Da", reply.Json["failedGuard"]!["key"]!.ToString());
    }

    [Fact]
    public async Task GuardsAlone_AreATransaction()
    {
        await _host.PutAsync("%7Bg%7Da", "x");
        var reply = await PostAsync("""{"guards":[{"key":"{g}a","exists":true}]}""");
        Assert.Equal((200, "1"), (reply.Status, reply.Member("revision")));
    }

    [Fact]
    public async Task DeletesOfNothing_AreNoFailure()
    {
        var reply = await PostAsync("""{"then":[{"delete":{"key":"a"}}]}""");
        Assert.Equal(200, reply.Status);
        Assert.Equal("missing", reply.Json["operations"]![0]!.ToString());
    }

    [Fact]
    public async Task Keys_MustShareABucket()
    {
        var reply = await PostAsync("""{"then":[{"put":{"key":"a","value":""}},{"put":{"key":"b","value":""}},{"put":{"key":"c","value":""}},{"put":{"key":"d","value":""}},{"put":{"key":"e","value":""}}]}""");
        reply.AssertProblem(400, "cross-bucket");
    }

    [Fact]
    public async Task RetriedId_GetsItsFirstAnswer_AndAnotherRequest422()
    {
        const string body = """{"guards":[{"key":"a","exists":false}],"then":[{"put":{"key":"a","value":"eA=="}}]}""";
        var first = await PostAsync(body, ("Idempotency-Key", "t"));
        var again = await PostAsync(body, ("Idempotency-Key", "t"));
        Assert.Equal((200, first.Text), (again.Status, again.Text));
        Assert.Equal("k:t", first.Member("requestId"));
        (await PostAsync("""{"then":[{"delete":{"key":"a"}}]}""", ("Idempotency-Key", "t"))).AssertProblem(422, "idempotency-mismatch");
        (await PostAsync(body, ("Idempotency-Key", ""))).AssertProblem(400, "bad-request");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("null", "")]
    [InlineData("[]", "")]
    [InlineData("{}", "")]
    [InlineData("""{"guards":[],"then":[]}""", "")]
    [InlineData("{", "")]
    [InlineData("""{"then":[]} x""", "")]
    [InlineData("""{"then":[{"delete":{"key":"a"}}]}{}""", "")]
    [InlineData("""{"then":[{"delete":{"key":"a"}},]}""", "/then")]
    [InlineData("""{"other":1}""", "")]
    [InlineData("""{"then":1}""", "/then")]
    [InlineData("""{"then":null}""", "/then")]
    [InlineData("""{"then":[],"then":[]}""", "/then")]
    [InlineData("""{"guards":[1]}""", "/guards/0")]
    [InlineData("""{"guards":[{"exists":true}]}""", "/guards/0")]
    [InlineData("""{"guards":[{"key":"a"}]}""", "/guards/0")]
    [InlineData("""{"guards":[{"key":"a","exists":true},{"key":"","exists":true}]}""", "/guards/1/key")]
    [InlineData("""{"guards":[{"key":1,"exists":true}]}""", "/guards/0/key")]
    [InlineData("""{"guards":[{"key":"%zz","exists":true}]}""", "/guards/0/key")]
    [InlineData("""{"guards":[{"key":"é","exists":true}]}""", "/guards/0/key")]
    [InlineData("""{"guards":[{"key":"a?b","exists":true}]}""", "/guards/0/key")]
    [InlineData("""{"guards":[{"key":"\ud800","exists":true}]}""", "/guards/0/key")]
    [InlineData("""{"guards":[{"\ud800":"a","exists":true}]}""", "/guards/0")]
    [InlineData("""{"guards":[{"key":"a","exists":"true"}]}""", "/guards/0/exists")]
    [InlineData("""{"guards":[{"key":"a","exists":null}]}""", "/guards/0/exists")]
    [InlineData("""{"guards":[{"key":"a","revision":"1"}]}""", "/guards/0/revision")]
    [InlineData("""{"guards":[{"key":"a","revision":-1}]}""", "/guards/0/revision")]
    [InlineData("""{"guards":[{"key":"a","revision":1.5}]}""", "/guards/0/revision")]
    [InlineData("""{"guards":[{"key":"a","revision":18446744073709551616}]}""", "/guards/0/revision")]
    [InlineData("""{"guards":[{"key":"a","value":"e"}]}""", "/guards/0/value")]
    [InlineData("""{"guards":[{"key":"a","value":"ex=="}]}""", "/guards/0/value")]
    [InlineData("""{"guards":[{"key":"a","exists":true},{"key":"a","key":"a"}]}""", "/guards/1/key")]
    [InlineData("""{"guards":[{"key":"a","Exists":true}]}""", "/guards/0")]
    [InlineData("""{"then":[{}]}""", "/then/0")]
    [InlineData("""{"then":[{"put":{"key":"a","value":""},"delete":{"key":"a"}}]}""", "/then/0/delete")]
    [InlineData("""{"then":[{"delete":{"key":"a"},"put":{"key":"b","value":""}}]}""", "/then/0/put")]
    [InlineData("""{"then":[{"put":{"key":"a"}}]}""", "/then/0/put")]
    [InlineData("""{"then":[{"put":{"value":""}}]}""", "/then/0/put")]
    [InlineData("""{"then":[{"put":{"key":"a","value":"","ttl":1}}]}""", "/then/0/put")]
    [InlineData("""{"then":[{"put":{"key":"a","value":null}}]}""", "/then/0/put/value")]
    [InlineData("""{"then":[{"put":{"key":"a","value":"","contentType":"é"}}]}""", "/then/0/put/contentType")]
    [InlineData("""{"then":[{"delete":{}}]}""", "/then/0/delete")]
    [InlineData("""{"then":[{"delete":{"key":"a","value":""}}]}""", "/then/0/delete")]
    [InlineData("""{"then":[{"delete":{"key":"{g}1"}},{"put":{"key":"%7Bg%7D1","value":""}}]}""", "/then/1/put")]
    [InlineData("""{"then":[[[[[[[[[[[[[]]]]]]]]]]]]]}""", "/then/0")]
    public async Task Body_IsRefusedWithAPointer_WhereItIsNotExactlyRight(string body, string place)
    {
        var reply = await PostAsync(body);
        reply.AssertProblem(400, "bad-request");
        Assert.Equal(place, reply.Member("pointer"));
    }

    [Fact]
    public async Task Body_IsRefused_WhereItIsNotUtf8()
    {
        using var raw = await _host.ConnectAsync();
        (await raw.ExchangeAsync("POST /v1/txn HTTP/1.1\nContent-Length: 3", "{\xFF}")).AssertProblem(400, "bad-request");
    }

    [Fact]
    public async Task Key_IsTooLarge_ByItsOwnCode()
    {
        var reply = await PostAsync($$$"""{"then":[{"delete":{"key":"{{{new string('a', 1025)}}}"}}]}""");
        reply.AssertProblem(400, "key-too-large");
        Assert.Equal("/then/0/delete/key", reply.Member("pointer"));
    }

    [Fact]
    public async Task Value_IsTooLarge_ByItsOwnCode()
    {
        var exact = Convert.ToBase64String(new byte[1024 * 1024]);
        Assert.Equal(200, (await PostAsync($$$"""{"then":[{"put":{"key":"a","value":"{{{exact}}}"}}]}""")).Status);
        var tooLong = Convert.ToBase64String(new byte[(1024 * 1024) + 1]);
        var reply = await PostAsync($$$"""{"then":[{"put":{"key":"a","value":"{{{tooLong}}}"}}]}""");
        reply.AssertProblem(413, "value-too-large");
        Assert.Equal("/then/0/put/value", reply.Member("pointer"));
    }

    [Fact]
    public async Task Transaction_IsTooLarge_WhereAllTogetherExceedTheLimit()
    {
        var value = Convert.ToBase64String(new byte[1024 * 1024]);
        var puts = string.Join(',', Enumerable.Range(0, 10).Select(i => $$$"""{"put":{"key":"{g}{{{i}}}","value":"{{{value}}}"}}"""));
        (await PostAsync($$$"""{"then":[{{{puts}}}]}""")).AssertProblem(413, "value-too-large");
    }

    [Fact]
    public async Task Lists_HaveAtMost128Elements()
    {
        static string Deletes(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $$$"""{"delete":{"key":"{g}{{{i}}}"}}"""));
        static string Guards(int count) => string.Join(',', Enumerable.Repeat("""{"key":"{g}","exists":false}""", count));
        Assert.Equal(200, (await PostAsync($$$"""{"guards":[{{{Guards(128)}}}],"then":[{{{Deletes(128)}}}]}""")).Status);
        Assert.Equal("/then/128", (await PostAsync($$$"""{"then":[{{{Deletes(129)}}}]}""")).AssertProblem(400, "bad-request").Member("pointer"));
        Assert.Equal("/guards/128", (await PostAsync($$$"""{"guards":[{{{Guards(129)}}}]}""")).AssertProblem(400, "bad-request").Member("pointer"));
        var twice = string.Join(',', Enumerable.Repeat("""{"key":"{g}","exists":false,"revision":1}""", 65));
        (await PostAsync($$$"""{"guards":[{{{twice}}}]}""")).AssertProblem(400, "bad-request");
    }

    [Fact]
    public async Task ContentTypeOfTheRequest_DoesNotMatter_AndParametersAreRefused()
    {
        Assert.Equal(200, (await PostAsync("""{"then":[{"delete":{"key":"a"}}]}""", ("Content-Type", "application/x-www-form-urlencoded"))).Status);
        (await _host.SendAsync("POST", "/v1/txn?a=1", "{}")).AssertProblem(400, "bad-request");
    }

    private Task<TestReply> PostAsync(string body, params (string, string)[] headers) => _host.SendAsync("POST", "/v1/txn", body, headers);
}
