using System.Text.Json;
using OrleansStore.Cli.Tests.Support;
using OrleansStore.Client.Tests.Support;
using OrleansStore.Http.Tests.Support;

namespace OrleansStore.Cli.Tests.Verify;

/// <summary><c>ostore verify</c> against stores that are right and stores that lie: it must tell one from the other.</summary>
[Trait("Category", "Integration")]
public sealed class VerifyTests
{
    private static readonly string[] Short = ["verify", "--duration", "1s", "--clients", "12", "--keys", "24", "--rate", "1500", "--seed", "7"];

    [Fact]
    public async Task RightStore_Passes_AndEverythingLeftOutIsSaid()
    {
        var (result, _) = await VerifyAsync(Lie.None, 1, Short);

        result.Ends(ExitCode.Ok);
        Assert.Contains("Linearizable, and no acknowledged write lost.", result.Output);
        Assert.Contains("--seed 7", result.Output);
        Assert.Contains("--endpoints", result.Output);
        foreach (var kind in new[] { "kill", "stop", "partition", "one-way", "pair", "blackhole", "stall", "disk-full", "all-killed" })
        {
            Assert.Contains($"Left out {kind}: the cluster is not this tool's", result.Errors);
        }
    }

    [Theory]
    [InlineData(Lie.LostWrite)]
    [InlineData(Lie.StaleRead)]
    [InlineData(Lie.FlippedByte)]
    public async Task LyingStore_IsFoundOut_WithACounterexample(Lie lie)
    {
        using var folder = new TestFolder();
        var page = Path.Combine(folder.Path, "verify.html");

        var (result, told) = await VerifyAsync(lie, 20, [.. Short, "--report", page]);

        Assert.True(told > 0, "The store has not lied.");
        result.Ends(ExitCode.Failed);
        Assert.Contains("Violated: the history is not linearizable.", result.Output);
        Assert.Contains("one of these would come next, and none can", result.Output);
        Assert.Contains("aria-label=\"timeline\"", await File.ReadAllTextAsync(page));
    }

    [Fact]
    public async Task OneLie_IsFoundOut_AmongAllAnswers()
    {
        var (result, told) = await VerifyAsync(Lie.FlippedByte, 30, [.. Short, "--output", "json"], most: 1);

        Assert.True(told > 0, "The store has not lied.");
        var json = result.Ends(ExitCode.Failed).Json;
        Assert.False(json.GetProperty("passed").GetBoolean());
        Assert.Equal("not-linearizable", json.GetProperty("linearizability").GetString());
        Assert.Contains("not linearizable", json.GetProperty("counterexample").GetString());
    }

    [Fact]
    public async Task StoreThatForgetsIds_IsFoundOut_ByTwoAnswersToOne()
    {
        var (result, _) = await VerifyAsync(Lie.SecondEffect, 1, [.. Short, "--output", "json"]);

        Assert.NotEqual(0, result.Ends(ExitCode.Failed).Json.GetProperty("contradictions").GetArrayLength());
    }

    [Fact]
    public async Task Result_IsOneObject_InJson()
    {
        var json = (await VerifyAsync(Lie.None, 1, [.. Short, "--faults", "none", "--output", "json"])).Result.Ends(ExitCode.Ok).Json;

        Assert.True(json.GetProperty("passed").GetBoolean());
        Assert.Equal("linearizable", json.GetProperty("linearizability").GetString());
        Assert.True(json.GetProperty("operations").GetInt32() > 3 * 24);
        Assert.Equal(7, json.GetProperty("seed").GetInt32());
        Assert.Empty(json.GetProperty("omitted").EnumerateObject());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("measuredMaximum").ValueKind);
        Assert.True(json.GetProperty("latencyMs").GetProperty("get").GetProperty("p99").GetDouble() > 0);
        Assert.True(json.GetProperty("faults")[0].GetProperty("worstGapMs").GetDouble() > 0);
    }

    [Fact]
    public async Task Verify_EndsWith6_WhenNobodyIsThere()
    {
        var failed = (await new Ostore().RunAsync("verify", "--endpoints", $"http://127.0.0.1:{FreePorts.Take()}", "--recovery", "200ms")).Ends(ExitCode.Unavailable);

        Assert.Empty(failed.Bytes);
        Assert.Contains("refuses connections", failed.Errors);
    }

    [Fact]
    public async Task Verify_TellsWhatItHas_WhenItIsStopped()
    {
        using var stop = new CancellationTokenSource();
        var store = new LyingStore(Lie.None, 1);
        await using var web = await LyingStore.ServeAsync(store);
        stop.CancelAfter(TimeSpan.FromSeconds(1));

        var stopped = (await new Ostore().RunAsync([], stop.Token, "verify", "--endpoints", web.Urls.First(), "--duration", "10m", "--clients", "4", "--rate", "200")).Ends(ExitCode.Failed);

        Assert.Contains("Stopped early: linearizable and nothing lost up to then.", stopped.Output);
    }

    [Theory]
    [InlineData("--faults is 'flood'", "--faults", "flood")]
    [InlineData("--faults is 'kill,'", "--faults", "kill,")]
    [InlineData("--silo is 'nowhere.dll'", "--silo", "nowhere.dll")]
    [InlineData("only one of them", "--rate", "5", "--load", "half")]
    [InlineData("Rate is 0", "--rate", "0")]
    [InlineData("--clients is '0'", "--clients", "0")]
    [InlineData("power of two", "--buckets", "3")]
    [InlineData("--bandwidth is 0", "--bandwidth", "0")]
    [InlineData("--delay is about a cluster of this tool's own", "--endpoints", "http://127.0.0.1:1", "--delay", "1ms")]
    public async Task Verify_EndsWith2AndSaysWhy_WhenArgumentsMakeNoSense(string part, params string[] arguments)
    {
        var refused = (await new Ostore().RunAsync(["verify", .. arguments])).Ends(ExitCode.Usage);

        Assert.Empty(refused.Bytes);
        Assert.Contains(part, refused.Errors, StringComparison.Ordinal);
    }

    private static async Task<(CliResult Result, int Told)> VerifyAsync(Lie lie, int oneOutOf, string[] arguments, int most = int.MaxValue)
    {
        var store = new LyingStore(lie, oneOutOf, most);
        await using var web = await LyingStore.ServeAsync(store);
        return (await new Ostore().RunAsync([.. arguments, "--endpoints", web.Urls.First()]), store.Told);
    }
}
