using System.Text;
using System.Text.Json.Nodes;
using OrleansStore.Http.Tests.Support;

namespace OrleansStore.Http.Tests;

// REST interface v1, "Routes": GET /v1/kv.
[Trait("Category", "Integration")]
public sealed class ScanTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await TestHost.StartAsync();
        foreach (var key in (string[])["b", "a/2", "a/1", "a/10", "c%00", "%C3%A9", "a%20b"])
        {
            // Byte 0 does not fit into a path.
            var target = key == "c%00" ? "/v1/kv?key64=YwA" : $"/v1/kv/{key}";
            Assert.Equal(201, (await _host.SendAsync("PUT", target, $"value of {key}", ("Content-Type", "text/plain"))).Status);
        }
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("", "a%20b a/1 a/10 a/2 b c%00 %C3%A9")]
    [InlineData("?prefix=&start=&end=&limit=&cursor=&values=", "a%20b a/1 a/10 a/2 b c%00 %C3%A9")]
    [InlineData("?prefix=a/", "a/1 a/10 a/2")]
    [InlineData("?prefix=a%2F1", "a/1 a/10")]
    [InlineData("?start=a/10&end=b", "a/10 a/2")]
    [InlineData("?start=b", "b c%00 %C3%A9")]
    [InlineData("?end=a/10", "a%20b a/1")]
    [InlineData("?prefix=a/&start=a/10&end=a/2", "a/10")]
    [InlineData("?start=c&end=c%00", "")]
    [InlineData("?start=%C3", "%C3%A9")]
    [InlineData("?start=b&end=a", "")]
    public async Task Scan_GivesSortedKeysOfTheRange_StartInclusiveEndExclusive(string query, string keys)
    {
        var reply = await _host.GetAsync($"/v1/kv{query}");
        Assert.Equal((200, "application/json"), (reply.Status, reply.Header("Content-Type")));
        Assert.Equal(["items", "next"], reply.Json.AsObject().Select(m => m.Key));
        Assert.Equal(keys, string.Join(' ', KeysOf(reply)));
        Assert.Null(reply.Json["next"]);
        Assert.NotNull(reply.Header("OrleansStore-Request-Id"));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("&values=false", false)]
    [InlineData("&values=true", true)]
    public async Task Item_HasKeyRevisionSizeAndContentType_AndItsValueWhereAsked(string values, bool hasValue)
    {
        var item = (await _host.GetAsync($"/v1/kv?prefix=b{values}")).Json["items"]![0]!.AsObject();
        Assert.Equal([.. (string[])["key", "revision", "size", "contentType"], .. hasValue ? ["value"] : Array.Empty<string>()], item.Select(m => m.Key));
        Assert.Equal(("b", 10, "text/plain"), (item["key"]!.ToString(), (int)item["size"]!, item["contentType"]!.ToString()));
        Assert.Equal(hasValue ? Convert.ToBase64String(Encoding.UTF8.GetBytes("value of b")) : null, item["value"]?.ToString());
        Assert.Equal((await _host.GetAsync("/v1/kv/b")).Header("ETag"), $"\"{item["revision"]}\"");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Cursor_LeadsThroughAllKeysOnce(int limit)
    {
        List<string> keys = [];
        string? cursor = null;
        do
        {
            var reply = await _host.GetAsync($"/v1/kv?start=a/1&limit={limit}&cursor={cursor}");
            keys.AddRange(KeysOf(reply));
            cursor = reply.Member("next");
        }
        while (cursor is not null);
        Assert.Equal("a/1 a/10 a/2 b c%00 %C3%A9", string.Join(' ', keys));
    }

    [Fact]
    public async Task Cursor_StillHolds_WhenTheKeyItNamesIsGone()
    {
        var first = await _host.GetAsync("/v1/kv?prefix=a/&limit=1");
        await _host.SendAsync("DELETE", "/v1/kv/a/10");
        Assert.Equal(["a/2"], KeysOf(await _host.GetAsync($"/v1/kv?prefix=a/&cursor={first.Member("next")}")));
    }

    [Fact]
    public async Task Cursor_IsRefused_WithAnotherQuery()
    {
        var cursor = (await _host.GetAsync("/v1/kv?prefix=a/&end=b&limit=1")).Member("next");
        Assert.Equal(200, (await _host.GetAsync($"/v1/kv?prefix=a%2f&end=b&limit=9&values=true&cursor={cursor}")).Status);
        foreach (var other in (string[])["prefix=b&end=b", "prefix=a/", "", "prefix=a/&end=c", "prefix=a/&start=a&end=b"])
        {
            (await _host.GetAsync($"/v1/kv?{other}&cursor={cursor}")).AssertProblem(400, "bad-request");
        }
    }

    [Theory]
    [InlineData("A")]
    [InlineData("AAAA")]
    [InlineData("!!!!")]
    [InlineData("AgAAAAAAAAAAYQ")]
    [InlineData("AQAAAAAAAAAAYQ")]
    public async Task Cursor_IsRefused_WhereItIsNone(string cursor) =>
        (await _host.GetAsync($"/v1/kv?cursor={cursor}")).AssertProblem(400, "bad-request");

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=1001")]
    [InlineData("limit=-1")]
    [InlineData("limit=1.0")]
    [InlineData("limit=%31")]
    [InlineData("prefix=a?b")]
    [InlineData("limit=1&limit=1")]
    [InlineData("values=yes")]
    [InlineData("values")]
    [InlineData("unknown=1")]
    [InlineData("consistency=eventual")]
    [InlineData("prefix=%zz")]
    [InlineData("prefix=a%")]
    [InlineData("start=a&start=a")]
    public async Task Query_IsRefused_WhereItIsMalformed(string query)
    {
        using var raw = await _host.ConnectAsync();
        (await raw.ExchangeAsync($"GET /v1/kv?{query} HTTP/1.1")).AssertProblem(400, "bad-request");
    }

    [Fact]
    public async Task Bounds_HaveTheLengthOfKeys()
    {
        Assert.Equal(200, (await _host.GetAsync($"/v1/kv?prefix={new string('a', 1024)}&start={new string('a', 1025)}&end={new string('b', 1025)}")).Status);
        (await _host.GetAsync($"/v1/kv?prefix={new string('a', 1025)}")).AssertProblem(400, "key-too-large");
        (await _host.GetAsync($"/v1/kv?start={new string('a', 1026)}")).AssertProblem(400, "key-too-large");
        (await _host.GetAsync($"/v1/kv?end={new string('a', 1026)}")).AssertProblem(400, "key-too-large");
    }

    [Fact]
    public async Task LongestRange_FitsIntoARequest()
    {
        var bound = string.Concat(Enumerable.Repeat("%FF", 1024));
        Assert.Equal(200, (await _host.GetAsync($"/v1/kv?prefix={bound}&start={bound}&end={bound}")).Status);
    }

    [Fact]
    public async Task Limit_Is100Unsaid_AndAtMost1000()
    {
        for (var i = 0; i < 101; i++)
        {
            await _host.PutAsync($"many/{i:d4}", "x");
        }

        var page = await _host.GetAsync("/v1/kv?prefix=many/");
        Assert.Equal(100, KeysOf(page).Count());
        Assert.NotNull(page.Member("next"));
        Assert.Equal(101, KeysOf(await _host.GetAsync("/v1/kv?prefix=many/&limit=1000")).Count());
    }

    [Fact]
    public async Task Page_HasAtMost8MiB_OfWhatIsReturned()
    {
        var value = new string('x', 1024 * 1024);
        for (var i = 0; i < 9; i++)
        {
            await _host.PutAsync($"large/{i}", value);
        }

        var page = await _host.GetAsync("/v1/kv?prefix=large/&values=true");
        Assert.Equal(7, KeysOf(page).Count());
        Assert.Equal(9, KeysOf(await _host.GetAsync("/v1/kv?prefix=large/")).Count());
        var rest = await _host.GetAsync($"/v1/kv?prefix=large/&values=true&cursor={page.Member("next")}");
        Assert.Equal(["large/7", "large/8"], KeysOf(rest));
    }

    [Fact]
    public async Task Head_AnswersWithoutBody()
    {
        using var raw = await _host.ConnectAsync();
        Assert.Equal(200, (await raw.ExchangeAsync("HEAD /v1/kv?prefix=a HTTP/1.1")).Status);
        Assert.Equal(400, (await raw.ExchangeAsync("HEAD /v1/kv?limit=x HTTP/1.1")).Status);
    }

    private static IEnumerable<string> KeysOf(TestReply reply) => reply.Json["items"]!.AsArray().Select((JsonNode? i) => i!["key"]!.ToString());
}
