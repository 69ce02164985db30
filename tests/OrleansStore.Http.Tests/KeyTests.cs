using System.Buffers.Text;
using System.Text;
using OrleansStore.Http.Tests.Support;

namespace OrleansStore.Http.Tests;

// REST interface v1, "Keys and values".
[Trait("Category", "Integration")]
public sealed class KeyTests : IAsyncLifetime
{
    private TestHost _host = null!;
    private RawClient _raw = null!;

    public async Task InitializeAsync()
    {
        _host = await TestHost.StartAsync();
        _raw = await _host.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        _raw.Dispose();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("a/../b", "a/../b")]
    [InlineData("a/./b", "a/./b")]
    [InlineData("a//b/", "a//b/")]
    [InlineData("/a", "/a")]
    [InlineData("%2e%2E", "..")]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%2fb", "a/b")]
    [InlineData("%41", "A")]
    [InlineData("%25", "%")]
    [InlineData("a+b&c=d;e", "a+b&c=d;e")]
    [InlineData("{x}:<\"^`|\\>", "{x}:<\"^`|\\>")]
    [InlineData("a%3Fb%23%20", "a?b# ")]
    public async Task Key_IsDecodedFromTheRawTarget_AndNeverNormalised(string path, string key)
    {
        await PutRaw(path);
        Assert.Equal("v", (await Get64(Encoding.ASCII.GetBytes(key))).Text);
    }

    [Fact]
    public async Task Escape_IsOneByte_WhateverItsValueAndWhereverItStands()
    {
        for (var b = 1; b < 256; b++)
        {
            await PutRaw($"x%{b:X2}y");
            Assert.Equal(200, (await Get64([(byte)'x', (byte)b, (byte)'y'])).Status);
        }
    }

    [Fact]
    public async Task Slash_EqualsItsEscape()
    {
        await PutRaw("one/two");
        Assert.Equal(200, (await _raw.ExchangeAsync("GET /v1/kv/one%2Ftwo HTTP/1.1")).Status);
    }

    [Fact]
    public async Task DifferentSpellingsOfDots_AreDifferentFromTheNormalisedPath()
    {
        await PutRaw("a/../b");
        Assert.Equal(404, (await _raw.ExchangeAsync("GET /v1/kv/b HTTP/1.1")).Status);
    }

    [Fact]
    public async Task Key_MayComeInAbsoluteForm()
    {
        var reply = await _raw.ExchangeAsync("PUT http://x/v1/kv/a/../abs HTTP/1.1\nContent-Length: 1", "v");
        Assert.Equal(201, reply.Status);
        Assert.Equal("a/../abs", reply.Member("key"));
    }

    [Theory]
    [InlineData("PUT", 201)]
    [InlineData("GET", 200)]
    [InlineData("HEAD", 200)]
    [InlineData("DELETE", 204)]
    public async Task Key64_CarriesWhatNoPathCan_OnEveryVerb(string verb, int status)
    {
        var key = Base64Url.EncodeToString([0, (byte)'/', (byte)'.', (byte)'.', (byte)'/', 255]);
        if (verb != "PUT")
        {
            await _raw.ExchangeAsync($"PUT /v1/kv?key64={key} HTTP/1.1\nContent-Length: 1", "v");
        }

        var reply = await _raw.ExchangeAsync($"{verb} /v1/kv?key64={key} HTTP/1.1" + (verb == "PUT" ? "\nContent-Length: 1" : ""), verb == "PUT" ? "v" : "");
        Assert.Equal(status, reply.Status);
    }

    [Theory]
    [InlineData("YQ")]
    [InlineData("YQ==")]
    public async Task Key64_MayBePaddedOrNot(string key64)
    {
        await PutRaw("a");
        Assert.Equal(200, (await _raw.ExchangeAsync($"GET /v1/kv?key64={key64} HTTP/1.1")).Status);
    }

    [Theory]
    [InlineData("/v1/kv/%zz", "bad-request")]
    [InlineData("/v1/kv/%4", "bad-request")]
    [InlineData("/v1/kv/a%", "bad-request")]
    [InlineData("/v1/kv/%%41", "bad-request")]
    [InlineData("/v1/kv/% 1", "bad-request")]
    [InlineData("/v1/kv/a#b", "bad-request")]
    [InlineData("/v1/kv/", "bad-request")]
    [InlineData("/v1/kv/?key64=YQ", "bad-request")]
    [InlineData("/v1/kv/a?key64=YQ", "bad-request")]
    [InlineData("/v1/kv?key64=", "bad-request")]
    [InlineData("/v1/kv?key64", "bad-request")]
    [InlineData("/v1/kv?key64=Y", "bad-request")]
    [InlineData("/v1/kv?key64=Y$", "bad-request")]
    [InlineData("/v1/kv?key64=YQ&key64=YQ", "bad-request")]
    [InlineData("/v1/kv/a?unknown=1", "bad-request")]
    [InlineData("/v1/kv/a?consistency=strong", "bad-request")]
    [InlineData("/v1/kv/a?consistency=eventual&consistency=eventual", "bad-request")]
    [InlineData("/v1/kv/a?CONSISTENCY=eventual", "bad-request")]
    public async Task Target_IsRefused_WhereItNamesNoKey(string target, string code)
    {
        // A space would end the target before the facade sees it.
        var reply = await _raw.ExchangeAsync($"GET {target.Replace(" ", "\t", StringComparison.Ordinal)} HTTP/1.1");
        reply.AssertProblem(400, code);
        Assert.Equal(404, (await _raw.ExchangeAsync("GET /v1/kv/after HTTP/1.1")).Status);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Collection_LacksItsKey_WhenItIsWritten(string verb)
    {
        var reply = await _raw.ExchangeAsync($"{verb} /v1/kv HTTP/1.1\nContent-Length: 0");
        reply.AssertProblem(400, "bad-request");
    }

    [Fact]
    public async Task Key_HasUpTo1024Bytes()
    {
        await PutRaw(string.Concat(Enumerable.Repeat("%C3", 1024)));
        Assert.Equal(200, (await Get64([.. Enumerable.Repeat((byte)0xC3, 1024)])).Status);

        (await _raw.ExchangeAsync($"GET /v1/kv/{new string('a', 1025)} HTTP/1.1")).AssertProblem(400, "key-too-large");
        var long64 = Base64Url.EncodeToString(new byte[1025]);
        (await _raw.ExchangeAsync($"GET /v1/kv?key64={long64} HTTP/1.1")).AssertProblem(400, "key-too-large");
    }

    // The server's own parser answers these before any code of ours runs.
    [Fact]
    public async Task EscapedZero_IsRefusedInAPath()
    {
        await _raw.SendAsync("GET /v1/kv/a%00 HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Equal(400, (await _raw.ReadAsync()).Status);
    }

    [Theory]
    [InlineData("a b", "a%20b")]
    [InlineData("user:1", "user%3A1")]
    [InlineData("a/b-._~Z9", "a/b-._~Z9")]
    [InlineData("{x}", "%7Bx%7D")]
    public async Task KeyInJson_IsInThePathsPercentEncoding(string key, string text)
    {
        var reply = await _host.PutAsync(Uri.EscapeDataString(key), "v");
        Assert.Equal(text, reply.Member("key"));
        Assert.Equal(200, (await _host.GetAsync($"/v1/kv/{text}")).Status);
    }

    [Fact]
    public async Task Value_IsAnyBytes_AndComesBackAsTheyWere()
    {
        byte[] value = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        using var content = new ByteArrayContent(value);
        await _host.Client.PutAsync("/v1/kv/bytes", content);
        Assert.Equal(value, await _host.Client.GetByteArrayAsync("/v1/kv/bytes"));
    }

    [Fact]
    public async Task Value_MayBeEmpty()
    {
        Assert.Equal(201, (await _raw.ExchangeAsync("PUT /v1/kv/none HTTP/1.1")).Status);
        var reply = await _raw.ExchangeAsync("GET /v1/kv/none HTTP/1.1");
        Assert.Equal((200, "0"), (reply.Status, reply.Header("Content-Length")));
    }

    private async Task PutRaw(string path)
    {
        var reply = await _raw.ExchangeAsync($"PUT /v1/kv/{path} HTTP/1.1\nContent-Length: 1", "v");
        Assert.Contains(reply.Status, (int[])[200, 201]);
    }

    private Task<TestReply> Get64(byte[] key) => _raw.ExchangeAsync($"GET /v1/kv?key64={Base64Url.EncodeToString(key)} HTTP/1.1");
}
