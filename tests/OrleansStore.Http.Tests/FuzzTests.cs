using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using OrleansStore.Http.Tests.Support;

namespace OrleansStore.Http.Tests;

/// <summary>Nonsense of every kind, sent to a real server: it crashes nothing, hangs nothing and leaks nothing.</summary>
[Collection(nameof(AloneCollection))]
public sealed partial class FuzzTests
{
    private const int RequestsPerConnection = 5;
    private const int Callers = 8;

    // What the facade and, for what is no HTTP, the server may answer. No 500: that is a fault. No 504: this store knows the fate of every write.
    private static readonly int[] Allowed = [100, 200, 201, 204, 304, 400, 403, 404, 405, 408, 410, 411, 412, 413, 414, 422, 426, 431, 503, 505];

    // One request a line, with the escapes of C. What ever came out wrong belongs there.
    [Fact, Trait("Category", "Property")]
    public async Task Facade_StandsTheCorpus()
    {
        await using var host = await TestHost.StartAsync(options: new HttpFacadeOptions { DefaultTimeout = TimeSpan.FromMilliseconds(200), DrainTimeout = TimeSpan.FromMilliseconds(50) });
        var lines = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Corpus", "requests.txt"));
        var answered = 0;
        foreach (var line in lines)
        {
            var request = Encoding.Latin1.GetBytes(Regex.Unescape(line));
            answered += Check(await ExchangeAsync(host.Address.Port, request), request).Count > 0 ? 1 : 0;
        }

        Assert.InRange(answered, lines.Length * 9 / 10, lines.Length);
        await AssertQuietAsync(host);
    }

    [Fact, Trait("Category", "Property")]
    public Task Facade_StandsNonsense() => RunAsync(seed: 0xF00D, connections: 2000);

    [Theory, Trait("Category", "Slow")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public Task Facade_StandsMoreNonsense(ulong seed) => RunAsync(seed, connections: 10_000);

    private static async Task RunAsync(ulong seed, int connections)
    {
        var unobserved = 0;
        void Count(object? sender, UnobservedTaskExceptionEventArgs e) => Interlocked.Increment(ref unobserved);
        TaskScheduler.UnobservedTaskException += Count;
        try
        {
            var options = new HttpFacadeOptions
            {
                MaxValueBytes = 2000,
                DrainLimitBytes = 1000,
                DefaultTimeout = TimeSpan.FromMilliseconds(200),
                DrainTimeout = TimeSpan.FromMilliseconds(50),
            };
            await using var host = await TestHost.StartAsync(options: options);
            await CallAsync(host, seed, connections / 10);
            var before = MemoryAfterCollection();
            var statuses = await CallAsync(host, seed + 1, connections);
            await AssertQuietAsync(host);

            // The records are bounded by the few keys, the remembered ids by the few idempotency keys: what is more leaked.
            Assert.InRange(MemoryAfterCollection() - before, long.MinValue, 24 * 1024 * 1024);
            Assert.Equal(0, unobserved);

            // A request that ends its connection leaves those behind it without an answer; still most of them must be understood as requests.
            Assert.True(statuses.Count >= 10 && statuses.Values.Sum() >= 2 * connections, $"Seen were {string.Join(' ', statuses)}: the requests are not what they should be.");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"Seed {seed} fails: {e.Message}", e);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= Count;
        }
    }

    private static async Task<Dictionary<int, int>> CallAsync(TestHost host, ulong seed, int connections)
    {
        var seen = new Dictionary<int, int>();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var random = new SplitMix64(seed + ((ulong)caller << 32));
            for (var i = caller; i < connections; i += Callers)
            {
                var bytes = new RequestFuzzer(random).Make(RequestsPerConnection);
                var answer = await ExchangeAsync(host.Address.Port, bytes);
                lock (seen)
                {
                    foreach (var status in Check(answer, bytes))
                    {
                        seen[status] = seen.GetValueOrDefault(status) + 1;
                    }
                }
            }
        }));
        return seen;
    }

    // The last request asks for the end of the connection. Where nonsense swallowed it, the server may wait for the rest of a head: until we say that nothing follows.
    private static async Task<string> ExchangeAsync(int port, byte[] bytes)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", port);
        var stream = tcp.GetStream();
        var answer = new StringBuilder();
        try
        {
            await stream.WriteAsync((byte[])[.. bytes, .. "GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"u8]);
            if (!await ReadToEndAsync(stream, answer, TimeSpan.FromSeconds(1)))
            {
                tcp.Client.Shutdown(SocketShutdown.Send);
                Assert.True(await ReadToEndAsync(stream, answer, TimeSpan.FromSeconds(10)), $"Hangs: {Encoding.Latin1.GetString(bytes)}");
            }
        }
        catch (IOException)
        {
            // The server ended the connection while we were sending.
        }

        return answer.ToString();
    }

    private static async Task<bool> ReadToEndAsync(NetworkStream stream, StringBuilder answer, TimeSpan patience)
    {
        var buffer = new byte[16 * 1024];
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, deadline.Token)) > 0)
            {
                answer.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static List<int> Check(string answer, byte[] sent)
    {
        List<int> statuses = [];
        foreach (Match match in StatusLine().Matches(answer))
        {
            var status = int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(Allowed.Contains(status), $"Status {status} for {Encoding.Latin1.GetString(sent)}");
            statuses.Add(status);
        }

        return statuses;
    }

    private static async Task AssertQuietAsync(TestHost host)
    {
        Assert.DoesNotContain(host.Complaints, c => c.StartsWith("Error", StringComparison.Ordinal) || c.StartsWith("Critical", StringComparison.Ordinal));
        for (var i = 0; i < 200 && host.Connections > 1; i++)
        {
            await Task.Delay(50);
        }

        // Only the client that asks for the metrics is left.
        await host.AwaitMetricAsync("orleansstore_http_in_flight{datacenter=\"dc1\"} 1");
        await host.AwaitMetricAsync("orleansstore_http_body_bytes{datacenter=\"dc1\"} 0");
        Assert.Equal(1, host.Connections);
    }

    private static long MemoryAfterCollection()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    [GeneratedRegex(@"HTTP/1\.1 (\d{3}) ")]
    private static partial Regex StatusLine();
}
