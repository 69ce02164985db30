using System.Buffers;
using System.Text;
using OrleansStore.Cli.Bench;
using OrleansStore.Cli.Bench.Wire;

namespace OrleansStore.Cli.Tests.Bench;

/// <summary>Requests and responses of the benchmark, byte by byte.</summary>
[Trait("Category", "Unit")]
public sealed class WireTests
{
    [Theory]
    [InlineData("Get", 0, "GET /v1/kv/p/000000042 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nOrleansStore-Timeout: 5000\r\n\r\n")]
    [InlineData("Put", 0, "PUT /v1/kv/p/000000042 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nOrleansStore-Timeout: 5000\r\nContent-Length: 3\r\n\r\n...")]
    [InlineData("ConditionalPut", 7, "PUT /v1/kv/p/000000042 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nOrleansStore-Timeout: 5000\r\nContent-Length: 3\r\nIf-Match: \"7\"\r\n\r\n...")]
    [InlineData("ConditionalPut", 0, "PUT /v1/kv/p/000000042 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nOrleansStore-Timeout: 5000\r\nContent-Length: 3\r\nIf-None-Match: *\r\n\r\n...")]
    public void Request_IsWrittenAsTheInterfaceTakesIt(string operation, ulong revision, string expected)
    {
        var plan = Plans.Of(BenchMix.Put);
        var output = new ArrayBufferWriter<byte>();

        new WireRequests(plan, plan.Endpoints[0], new SplitMix64(1)).Write(new BenchRequest(Enum.Parse<BenchOperation>(operation), 42, revision), output);

        var text = Encoding.Latin1.GetString(output.WrittenSpan);
        Assert.Equal(expected.Length, text.Length);
        Assert.StartsWith(expected.TrimEnd('.'), text);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: \"17\"\r\n\r\nab", null, 17, false)]
    [InlineData("HTTP/1.1 201 Created\r\netag: \"1\"\r\ncontent-length: 0\r\nconnection: Close\r\n\r\n", null, 1, true)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", null, 0, false)]
    [InlineData("HTTP/1.1 404 N\r\nContent-Length: 20\r\n\r\n{\"code\":\"not-found\"}", "not-found", 0, false)]
    [InlineData("HTTP/1.1 503 N\r\nContent-Length: 20\r\n\r\n{\"code\":\"throttled\"}", "throttled", 0, false)]
    [InlineData("HTTP/1.1 502 N\r\nContent-Length: 3\r\n\r\nbad", "http-502", 0, false)]
    public void Response_IsReadWhereverItIsCut(string text, string? error, int revision, bool isLast)
    {
        var bytes = Encoding.ASCII.GetBytes(text + "HTTP/1.1 200 OK\r\n");
        for (var length = 0; length < text.Length; length++)
        {
            Assert.False(WireResponse.TryRead(bytes.AsSpan(0, length), out _), $"cut at {length}");
        }

        Assert.True(WireResponse.TryRead(bytes, out var response));
        Assert.Equal(new WireResponse(text.Length, new BenchReply(error, (ulong)revision), isLast), response);
    }

    [Theory]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2xx OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public void Response_IsRefused_WhenItsEndCannotBeFound(string text) =>
        Assert.Throws<FormatException>(() => WireResponse.TryRead(Encoding.ASCII.GetBytes(text), out _));
}
