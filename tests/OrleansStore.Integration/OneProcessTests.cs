using System.Globalization;
using System.Net;
using System.Text.Json;
using OrleansStore.Integration.Harness;

namespace OrleansStore.Integration;

/// <summary>The whole interface once, through real ports, each step through another datacenter.</summary>
[Trait("Category", "Integration")]
public sealed class OneProcessTests(OneProcessFixture fixture) : IClassFixture<OneProcessFixture>
{
    private readonly IReadOnlyList<StoreClient> _dc = fixture.Clients;

    [Fact]
    public async Task Write_IsReadEverywhere()
    {
        for (var i = 0; i < Cluster.Size; i++)
        {
            var put = await _dc[i].SendAsync("PUT", $"/v1/kv/everywhere/{i}", $"value {i}", ("Content-Type", "text/plain"));
            Assert.Equal(HttpStatusCode.Created, put.Status);
            Assert.Equal($"\"{put["revision"]}\"", put.Headers["ETag"]);
            foreach (var reader in _dc)
            {
                var get = await reader.SendAsync("GET", $"/v1/kv/everywhere/{i}");
                Assert.Equal((HttpStatusCode.OK, $"value {i}", "text/plain"), (get.Status, get.Body, get.Headers["Content-Type"]));
            }
        }
    }

    [Fact]
    public async Task CompareAndSet_HoldsAcrossDatacenters()
    {
        var first = await _dc[0].SendAsync("PUT", "/v1/kv/cas", "1", ("If-None-Match", "*"));
        var second = await _dc[1].SendAsync("PUT", "/v1/kv/cas", "2", ("If-Match", first.Headers["ETag"]));
        var stale = await _dc[2].SendAsync("PUT", "/v1/kv/cas", "3", ("If-Match", first.Headers["ETag"]));
        var again = await _dc[2].SendAsync("PUT", "/v1/kv/cas", "4", ("If-None-Match", "*"));

        Assert.Equal(
            [HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed],
            [first.Status, second.Status, stale.Status, again.Status]);
        Assert.Equal("precondition-failed", stale["code"]);
        Assert.Equal("2", (await _dc[0].SendAsync("GET", "/v1/kv/cas")).Body);
        Assert.Equal(HttpStatusCode.NotModified, (await _dc[0].SendAsync("GET", "/v1/kv/cas", null, ("If-None-Match", second.Headers["ETag"]))).Status);
    }

    [Fact]
    public async Task Retry_GetsTheFirstAnswer_AtAnotherDatacenter()
    {
        var first = await _dc[0].SendAsync("PUT", "/v1/kv/retry", "a", ("Idempotency-Key", "once"));
        await _dc[1].SendAsync("PUT", "/v1/kv/retry", "b");
        var retried = await _dc[2].SendAsync("PUT", "/v1/kv/retry", "a", ("Idempotency-Key", "once"));
        var misused = await _dc[1].SendAsync("PUT", "/v1/kv/retry", "c", ("Idempotency-Key", "once"));

        Assert.Equal((HttpStatusCode.Created, first["revision"]), (retried.Status, retried["revision"]));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "idempotency-mismatch"), (misused.Status, misused["code"]));
        Assert.Equal("b", (await _dc[2].SendAsync("GET", "/v1/kv/retry")).Body);
    }

    [Fact]
    public async Task Outcome_IsSettled_AtAnotherDatacenter()
    {
        var put = await _dc[0].SendAsync("PUT", "/v1/kv/outcome", "a");
        var known = await _dc[1].SendAsync("POST", "/v1/outcomes", $$"""{"key":"outcome","requestId":"{{put["requestId"]}}"}""");
        var unknown = await _dc[2].SendAsync("POST", "/v1/outcomes", """{"key":"outcome","requestId":"late"}""");
        var late = await _dc[0].SendAsync("PUT", "/v1/kv/outcome", "late", ("Idempotency-Key", "late"));

        Assert.Equal(("applied", put["revision"]), (known["outcome"], known["revision"]));
        Assert.Equal("never-applied", unknown["outcome"]);
        Assert.False(late.Status is HttpStatusCode.OK or HttpStatusCode.Created, $"A write that was settled as never applied was answered {late}.");
        Assert.Equal("a", (await _dc[1].SendAsync("GET", "/v1/kv/outcome")).Body);
    }

    [Fact]
    public async Task Scan_PagesThroughAllBucketsInOrder()
    {
        var keys = Enumerable.Range(0, 50).Select(i => string.Create(CultureInfo.InvariantCulture, $"scan/{i:00}")).ToList();
        await Task.WhenAll(keys.Select((key, i) => _dc[i % Cluster.Size].SendAsync("PUT", $"/v1/kv/{key}", key)));

        var (found, cursor, pages) = (new List<string>(), string.Empty, 0);
        do
        {
            var page = await _dc[pages++ % Cluster.Size].SendAsync("GET", $"/v1/kv?prefix=scan/&limit=7{cursor}");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            using var json = JsonDocument.Parse(page.Body);
            found.AddRange(json.RootElement.GetProperty("items").EnumerateArray().Select(item => Uri.UnescapeDataString(item.GetProperty("key").GetString()!)));
            cursor = json.RootElement.GetProperty("next").GetString() is { } next ? $"&cursor={next}" : string.Empty;
        }
        while (cursor.Length > 0);

        Assert.Equal(keys, found);
        Assert.True(pages >= 8, $"50 keys came in {pages} pages of 7.");
    }

    [Fact]
    public async Task Transaction_IsAllOrNothing_WithinABucket()
    {
        const string Create = """{"guards":[{"key":"%7Bt%7D/1","exists":false}],"then":[{"put":{"key":"%7Bt%7D/1","value":"YQ=="}},{"put":{"key":"%7Bt%7D/2","value":"Yg=="}}]}""";
        var first = await _dc[0].SendAsync("POST", "/v1/txn", Create);
        var second = await _dc[1].SendAsync("POST", "/v1/txn", Create);
        var across = await _dc[2].SendAsync("POST", "/v1/txn", """{"guards":[],"then":[{"put":{"key":"o1","value":"YQ=="}},{"put":{"key":"o2","value":"YQ=="}}]}""");

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, second.Status);
        Assert.Equal((HttpStatusCode.BadRequest, "cross-bucket"), (across.Status, across["code"]));
        Assert.Equal("b", (await _dc[2].SendAsync("GET", "/v1/kv/%7Bt%7D/2")).Body);
        Assert.Equal(HttpStatusCode.NotFound, (await _dc[2].SendAsync("GET", "/v1/kv/o1")).Status);
    }

    [Fact]
    public async Task Delete_HoldsEverywhere_AndEventualReadsFollow()
    {
        await _dc[0].SendAsync("PUT", "/v1/kv/gone", "a");
        await Until.TrueAsync("the local replica has the write", async () => (await _dc[2].SendAsync("GET", "/v1/kv/gone?consistency=eventual")).Status == HttpStatusCode.OK);
        Assert.Contains("OrleansStore-Applied-Index", (await _dc[2].SendAsync("GET", "/v1/kv/gone?consistency=eventual")).Headers.Keys);

        Assert.Equal(HttpStatusCode.NoContent, (await _dc[1].SendAsync("DELETE", "/v1/kv/gone")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _dc[2].SendAsync("GET", "/v1/kv/gone")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _dc[0].SendAsync("DELETE", "/v1/kv/gone")).Status);
        await Until.TrueAsync("the local replica has the deletion", async () => (await _dc[2].SendAsync("GET", "/v1/kv/gone?consistency=eventual")).Status == HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Status_AgreesInAllDatacenters()
    {
        var answers = await Task.WhenAll(_dc.Select(dc => dc.SendAsync("GET", "/v1/status")));

        Assert.Equal(["dc1", "dc2", "dc3"], answers.Select(answer => answer["datacenter"]));
        Assert.Single(answers.Select(answer => answer["storeId"]).Distinct());
        Assert.All(answers, answer => Assert.Equal(64, JsonDocument.Parse(answer.Body).RootElement.GetProperty("buckets").GetArrayLength()));
    }

    [Theory]
    [InlineData("/health/live", "live")]
    [InlineData("/health/ready", "ready")]
    [InlineData("/metrics", "orleansstore_router_in_flight{")]
    [InlineData("/metrics", "orleansstore_buckets_replicas{datacenter=\"dc1\",state=\"hibernated\"}")]
    [InlineData("/metrics", "orleansstore_storage_syncs_total{datacenter=\"dc1\"}")]
    [InlineData("/metrics", "orleansstore_links_state{")]
    [InlineData("/openapi/v1.json", "/v1/kv/{key}")]
    public async Task Observation_IsServedEverywhere(string path, string expected)
    {
        foreach (var dc in _dc)
        {
            var answer = await dc.SendAsync("GET", path);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Contains(expected, answer.Body, StringComparison.Ordinal);
        }
    }
}
