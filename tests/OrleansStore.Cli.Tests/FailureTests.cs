using System.Text.Json;
using OrleansStore.Cli.Tests.Support;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Cli.Tests;

/// <summary>What people and scripts are told when a store does not serve.</summary>
[Trait("Category", "Integration")]
public sealed class FailureTests
{
    [Fact]
    public async Task Command_NamesEveryEndpoint_WhenNoneCanBeReached()
    {
        Uri[] nobody = [new($"http://127.0.0.1:{FreePorts.Take()}"), new($"http://127.0.0.1:{FreePorts.Take()}")];
        foreach (var arguments in new string[][] { ["get", "a"], ["put", "a", "v"], ["scan"], ["status"], ["export"] })
        {
            var failed = (await new Ostore(nobody).RunAsync([.. arguments, "--timeout", "200ms"])).Ends(ExitCode.Unavailable);

            Assert.Empty(failed.Bytes);
            Assert.All(nobody, endpoint => Assert.Contains($"{endpoint.Authority} refuses connections", failed.Errors));
            Assert.Contains("dotnet run --project silo", failed.Errors);
            Assert.Contains("--endpoints", failed.Errors);
        }
    }

    [Theory]
    [InlineData("unavailable", "ready")]
    [InlineData("throttled", "more slowly")]
    [InlineData("disk-full", "disk space")]
    public async Task Command_EndsWith6_WhenTheStoreRefuses(string code, string hint)
    {
        await using var server = Serving(ScriptedReply.Problem(503, code, ("Retry-After", "1")));

        var failed = (await new Ostore(server.Address).RunAsync("put", "a", "v", "--timeout", "1s")).Ends(ExitCode.Unavailable);

        Assert.Contains($"d of {code}", failed.Errors);
        Assert.Contains(hint, failed.Errors);
    }

    [Fact]
    public async Task Failure_IsOneObjectOnStandardError_InJson()
    {
        await using var server = Serving(ScriptedReply.Problem(503, "throttled", ("Retry-After", "1")));

        var failed = (await new Ostore(server.Address).RunAsync("get", "a", "--timeout", "1s", "--output", "json")).Ends(ExitCode.Unavailable);

        Assert.Empty(failed.Bytes);
        Assert.Equal("throttled", JsonSerializer.Deserialize<JsonElement>(failed.Errors).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Write_EndsWith5AndNamesItsId_WhenItsOutcomeIsUnknown()
    {
        await using var server = Serving(ScriptedReply.Problem(504, "outcome-unknown"));

        var unknown = (await new Ostore(server.Address).RunAsync("put", "a b", "v", "--timeout", "1s", "--output", "json")).Ends(ExitCode.OutcomeUnknown);

        var id = Assert.Single(server.Requests.Select(request => request.IdempotencyKey).Distinct());
        Assert.Equal("outcome-unknown", unknown.Json.GetProperty("status").GetString());
        Assert.Equal($"k:{id}", unknown.Json.GetProperty("requestId").GetString());
        Assert.Matches($"ostore outcome a%20b {id} --first-sent 20[0-9-]+T[0-9:.]+Z\n", unknown.Errors);
        Assert.Contains($"--idempotency-key {id}", unknown.Errors);
    }

    [Theory]
    [InlineData("put", "a", "v")]
    [InlineData("del", "a")]
    [InlineData("txn", "--put", "a=b")]
    public async Task Write_EndsWith5_WhenItIsCancelledUnderWay(params string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        await using var server = new ScriptedServer(_ =>
        {
            stop.Cancel();
            return ScriptedReply.Silence();
        });

        Assert.Contains("Cancelled", (await new Ostore(server.Address).RunAsync([], stop.Token, arguments)).Ends(ExitCode.OutcomeUnknown).Errors);
    }

    [Theory]
    [InlineData("get", "a")]
    [InlineData("scan")]
    [InlineData("status")]
    [InlineData("export")]
    public async Task Read_EndsWith1_WhenItIsCancelled(params string[] arguments)
    {
        using var stop = new CancellationTokenSource();
        await using var server = new ScriptedServer(_ =>
        {
            stop.Cancel();
            return ScriptedReply.Silence();
        });

        Assert.Contains("Cancelled", (await new Ostore(server.Address).RunAsync([], stop.Token, arguments)).Ends(ExitCode.Failed).Errors);
    }

    [Fact]
    public async Task Command_SaysSo_WhenSomethingElseAnswers()
    {
        await using var server = Serving(ScriptedReply.Of(200, "<html>"));

        Assert.Contains("no store does", (await new Ostore(server.Address).RunAsync("get", "a", "--timeout", "2s")).Ends(ExitCode.Unavailable).Errors);
    }

    [Fact]
    public async Task Put_SaysSo_WhenItsFileIsNotThere()
    {
        var failed = (await new Ostore(new Uri("http://127.0.0.1:1")).RunAsync("put", "a", "--file", "no-such-file")).Ends(ExitCode.Failed);

        Assert.Contains("no-such-file", failed.Errors);
    }

    // Probes for readiness are answered as by a store that serves.
    private static ScriptedServer Serving(ScriptedReply reply) => new(request => request.Target == "/health/ready" ? ScriptedReply.Of(200) : reply);
}
