using System.Collections.Concurrent;
using System.Text.Json;
using OrleansStore.Cli.Tests.Support;
using OrleansStore.Client;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Cli.Tests.Bench;

/// <summary>bench as it is typed: against a real store, and against servers that fail.</summary>
[Collection(RealStoreCollection.Name), Trait("Category", "Integration")]
public sealed class BenchTests(RealStore real)
{
    private static readonly string[] Percentiles = ["p50", "p90", "p99", "p999", "max"];
    private static readonly string[] Cold = ["--duration", "1500ms", "--keys", "50", "--callers", "8", "--seed", "7", "--warm-up", "0"];

    // A shared disk may take seconds for a sync; a request must outlast it.
    private static readonly string[] Short = [.. Cold[..^1], "50ms", "--timeout", "20s"];

    private readonly Ostore _ostore = new(real.Addresses);

    [Theory]
    [InlineData("put", "wire")]
    [InlineData("get", "wire")]
    [InlineData("mixed", "wire")]
    [InlineData("cas", "wire")]
    [InlineData("put", "client")]
    [InlineData("cas", "client")]
    public async Task Bench_MeasuresEveryMix(string mix, string driver)
    {
        var result = (await _ostore.RunAsync(["bench", mix, "--driver", driver, "--distribution", "zipf", "--output", "json", "--prefix", $"b/{mix}{driver}/", .. Short])).Ends(ExitCode.Ok).Json;

        var latency = result.GetProperty("latencyMs").GetProperty("all");
        var percentiles = Percentiles.Select(name => latency.GetProperty(name).GetDouble()).ToArray();
        Assert.True(result.GetProperty("operations").GetInt64() > 0);
        Assert.InRange(result.GetProperty("seconds").GetDouble(), 0.3, 30);
        Assert.Equal(percentiles.Order(), percentiles);
        Assert.True(percentiles[0] > 0);
        Assert.Empty(result.GetProperty("errors").EnumerateObject());
        Assert.Equal(mix == "mixed", result.GetProperty("latencyMs").TryGetProperty("get", out _));
    }

    [Fact]
    public async Task Bench_WritesWhatItSaysItWrites()
    {
        (await _ostore.RunAsync(["bench", "put", "--preload", "--value-size", "33", "--prefix", "b/what%2F", "--namespace", "bench", .. Short])).Ends(ExitCode.Ok);

        using var store = real.Connect();
        List<StoreItem> items = [];
        await foreach (var item in store.Namespace("bench").ScanAsync(ScanOptions.OfPrefix("b/what/")))
        {
            items.Add(item);
        }

        Assert.Equal(50, items.Count);
        Assert.All(items, item => Assert.Equal(33, item.ValueBytes));
        Assert.Equal(50, items.Select(item => Convert.ToHexString(item.Value.Span)).Distinct().Count());
    }

    [Fact]
    public async Task Bench_ReadsWell_ForPeople()
    {
        var result = (await new Ostore(real.Addresses) { IsTerminal = true }.RunAsync(["bench", "mixed", "--prefix", "b/people/", .. Short])).Ends(ExitCode.Ok);

        Assert.Contains("operations/s", result.Output);
        Assert.All(["all ", "get ", "put "], row => Assert.Contains(result.Lines, line => line.StartsWith(row, StringComparison.Ordinal)));
        Assert.Contains("errors: none", result.Output);
        Assert.Contains("mixed, 8 callers", result.Errors);
    }

    [Fact]
    public async Task Bench_GetsThroughAnswersOfAnySize()
    {
        (await _ostore.RunAsync(["bench", "get", "--value-size", "300000", "--connections", "2", "--prefix", "b/large/", .. Short])).Ends(ExitCode.Ok);
    }

    [Fact]
    public async Task Bench_Pipelines_WhenThereAreFewerConnectionsThanCallers()
    {
        var most = new ConcurrentQueue<int>();
        await using var server = new ScriptedServer(request =>
        {
            most.Enqueue(request.Number);
            return ScriptedReply.Put(1);
        });

        var result = (await new Ostore(server.Address).RunAsync(["bench", "put", "--connections", "2", "--output", "json", .. Short])).Ends(ExitCode.Ok).Json;

        Assert.Equal(2, server.ConnectionCount);
        Assert.Equal(8, result.GetProperty("callers").GetInt32());
        Assert.True(most.Count > 8);
    }

    [Fact]
    public async Task Bench_CallsEveryEndpoint_OrOnlyTheFirst()
    {
        await using var first = ScriptedServer.Answering(ScriptedReply.Put(1));
        await using var second = ScriptedServer.Answering(ScriptedReply.Put(1));
        var ostore = new Ostore(first.Address, second.Address);

        (await ostore.RunAsync(["bench", "put", "--spread", "first", .. Short])).Ends(ExitCode.Ok);
        Assert.Equal((8, 0), (first.ConnectionCount, second.ConnectionCount));

        (await ostore.RunAsync(["bench", "put", .. Short])).Ends(ExitCode.Ok);
        Assert.Equal((12, 4), (first.ConnectionCount, second.ConnectionCount));
    }

    [Fact]
    public async Task Bench_EndsWith1_WhenAnyRequestFails()
    {
        await using var server = new ScriptedServer(request => request.Number == 20 ? ScriptedReply.Problem(503, "throttled") : ScriptedReply.Put(1));
        var ostore = new Ostore(server.Address);

        var failed = (await ostore.RunAsync(["bench", "put", "--output", "json", .. Cold])).Ends(ExitCode.Failed).Json;
        Assert.Equal(1, failed.GetProperty("errors").GetProperty("throttled").GetInt64());
    }

    [Fact]
    public async Task Bench_AllowsErrors_WhenAsked()
    {
        await using var server = new ScriptedServer(request => request.Number % 7 == 3 ? ScriptedReply.Reset() : ScriptedReply.Put(1));

        var result = (await new Ostore(server.Address).RunAsync(["bench", "put", "--output", "json", "--allow-errors", .. Short])).Ends(ExitCode.Ok).Json;

        Assert.True(result.GetProperty("errors").GetProperty("connection-lost").GetInt64() > 0);
        Assert.True(result.GetProperty("operations").GetInt64() > 0);
    }

    [Fact]
    public async Task Bench_CountsAnswersThatNeverCome()
    {
        await using var server = new ScriptedServer(request => request.Number == 3 ? ScriptedReply.Silence() : ScriptedReply.Put(1));

        var result = (await new Ostore(server.Address).RunAsync(["bench", "put", "--output", "json", "--timeout", "100ms", .. Cold])).Ends(ExitCode.Failed).Json;

        Assert.Equal(1, result.GetProperty("errors").GetProperty("no-answer").GetInt64());
    }

    [Fact]
    public async Task Bench_EndsWith1_WhenNobodyListens()
    {
        var nobody = new Ostore(new Uri($"http://127.0.0.1:{FreePorts.Take()}"));

        // Long enough for a busy machine to be refused once.
        var failed = (await nobody.RunAsync(["bench", "put", "--duration", "3s", .. Short[2..]])).Ends(ExitCode.Failed);
        Assert.Contains("not-connected", failed.Output);
        Assert.Contains("ostore status", failed.Errors);

        Assert.Contains("refuses connections", (await nobody.RunAsync(["bench", "get", .. Short])).Ends(ExitCode.Unavailable).Errors);
    }

    [Fact]
    public async Task Bench_TellsWhatItMeasured_WhenItIsStopped()
    {
        using var stop = new CancellationTokenSource();
        await using var server = new ScriptedServer(request =>
        {
            if (request.Number == 100)
            {
                stop.Cancel();
            }

            return ScriptedReply.Put(1);
        });

        var result = (await new Ostore(server.Address).RunAsync([], stop.Token, "bench", "put", "--duration", "10m", "--warm-up", "0", "--output", "json")).Ends(ExitCode.Failed);

        Assert.True(result.Json.GetProperty("stoppedEarly").GetBoolean());
        Assert.InRange(result.Json.GetProperty("operations").GetInt64(), 30, 300);
        Assert.Equal(JsonValueKind.Object, result.Json.GetProperty("latencyMs").ValueKind);
    }
}
