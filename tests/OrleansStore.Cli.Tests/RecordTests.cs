using OrleansStore.Cli.Tests.Support;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Cli.Tests;

/// <summary>put, get and del against a real store.</summary>
[Collection(RealStoreCollection.Name), Trait("Category", "Integration")]
public sealed class RecordTests(RealStore real)
{
    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, 256).Select(value => (byte)value), (byte)'\n', 0];

    private readonly Ostore _ostore = new(real.Addresses);

    [Fact]
    public async Task Put_CreatesThenReplaces()
    {
        Assert.StartsWith("created put/twice at revision ", (await _ostore.RunAsync("put", "put/twice", "one")).Ends(ExitCode.Ok).Output);
        Assert.StartsWith("replaced put/twice at revision ", (await _ostore.RunAsync("put", "put/twice", "two")).Ends(ExitCode.Ok).Output);
        Assert.Equal("two", (await _ostore.RunAsync("get", "put/twice")).Ends(ExitCode.Ok).Output);
    }

    [Fact]
    public async Task Get_WritesExactlyTheBytes_PutFromStandardInput()
    {
        (await _ostore.RunAsync(AllBytes, default, "put", "bytes/input", "-")).Ends(ExitCode.Ok);

        Assert.Equal(AllBytes, (await _ostore.RunAsync("get", "bytes/input")).Ends(ExitCode.Ok).Bytes);
    }

    [Fact]
    public async Task Get_TellsTypeAndBytesInJson_PutFromAFile()
    {
        using var folder = new TestFolder();
        var path = Path.Combine(folder.Path, "value");
        await File.WriteAllBytesAsync(path, AllBytes);
        var put = (await _ostore.RunAsync("put", "bytes/file", "--file", path, "--content-type", "image/x", "--output", "json")).Ends(ExitCode.Ok).Json;

        var got = (await _ostore.RunAsync("get", "bytes/file", "--output", "json")).Ends(ExitCode.Ok).Json;

        Assert.Equal("created", put.GetProperty("operation").GetString());
        Assert.Equal(put.GetProperty("revision").GetUInt64(), got.GetProperty("revision").GetUInt64());
        Assert.Equal("image/x", got.GetProperty("contentType").GetString());
        Assert.Equal(AllBytes, got.GetProperty("value").GetBytesFromBase64());
    }

    [Theory]
    [InlineData("any/a%00b%25", "any/a%00b%25")]
    [InlineData("any/..", "any/..")]
    [InlineData("any/ü x", "any/%C3%BC%20x")]
    public async Task Key_CanBeAnyBytes(string typed, string shown)
    {
        Assert.StartsWith($"created {shown} at", (await _ostore.RunAsync("put", typed, "v")).Ends(ExitCode.Ok).Output);
        Assert.Equal("v", (await _ostore.RunAsync("get", shown)).Ends(ExitCode.Ok).Output);
        Assert.StartsWith($"deleted {shown} at", (await _ostore.RunAsync("del", shown)).Ends(ExitCode.Ok).Output);
    }

    [Theory]
    [InlineData("AP+8")]
    [InlineData("AP-8")]
    public async Task Key_CanBeBase64(string typed)
    {
        (await _ostore.RunAsync("put", typed, "v", "--key-base64")).Ends(ExitCode.Ok);

        Assert.Equal("v", (await _ostore.RunAsync("get", "%00%FF%BC")).Ends(ExitCode.Ok).Output);
    }

    [Fact]
    public async Task Write_EndsWith4_WhenItsConditionDoesNotHold()
    {
        var revision = (await _ostore.RunAsync("put", "if/a", "one", "--if-absent", "--output", "json")).Ends(ExitCode.Ok).Json.GetProperty("revision").GetUInt64();

        foreach (var condition in new[] { "--if-absent", $"--if-revision={revision + 1}" })
        {
            var refused = (await _ostore.RunAsync("put", "if/a", "two", condition, "--output", "json")).Ends(ExitCode.PreconditionFailed);
            Assert.Equal("precondition-failed", refused.Json.GetProperty("status").GetString());
            Assert.Contains("if/a", refused.Errors);
        }

        (await _ostore.RunAsync("put", "if/none", "x", "--if-exists")).Ends(ExitCode.PreconditionFailed);
        (await _ostore.RunAsync("del", "if/none", "--if-exists")).Ends(ExitCode.PreconditionFailed);
        (await _ostore.RunAsync("del", "if/a", $"--if-revision={revision + 1}")).Ends(ExitCode.PreconditionFailed);
        Assert.Equal("one", (await _ostore.RunAsync("get", "if/a")).Output);
        (await _ostore.RunAsync("put", "if/a", "two", $"--if-revision={revision}")).Ends(ExitCode.Ok);
        (await _ostore.RunAsync("del", "if/a", "--if-exists")).Ends(ExitCode.Ok);
    }

    [Fact]
    public async Task Reads_EndWith3_WhenThereIsNoRecord()
    {
        var got = (await _ostore.RunAsync("get", "nobody")).Ends(ExitCode.NotFound);
        var deleted = (await _ostore.RunAsync("del", "nobody", "--output", "json")).Ends(ExitCode.NotFound);

        Assert.Empty(got.Bytes);
        Assert.Contains("nobody", got.Errors);
        Assert.Equal("not-found", deleted.Json.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Put_HappensOnce_UnderOneIdempotencyKey()
    {
        var first = (await _ostore.RunAsync("put", "once", "a", "--idempotency-key", "once-1")).Ends(ExitCode.Ok);
        (await _ostore.RunAsync("put", "once", "b")).Ends(ExitCode.Ok);

        Assert.Equal(first.Output, (await _ostore.RunAsync("put", "once", "a", "--idempotency-key", "once-1")).Ends(ExitCode.Ok).Output);
        Assert.Equal("b", (await _ostore.RunAsync("get", "once")).Output);
        Assert.Contains("--idempotency-key", (await _ostore.RunAsync("put", "once", "c", "--idempotency-key", "once-1")).Ends(ExitCode.Failed).Errors);
    }

    [Fact]
    public async Task Namespace_HasItsOwnKeys()
    {
        (await _ostore.RunAsync("put", "here", "inside", "--namespace", "billing")).Ends(ExitCode.Ok);

        (await _ostore.RunAsync("get", "here")).Ends(ExitCode.NotFound);
        Assert.Equal("inside", (await _ostore.RunAsync("get", "here", "--namespace", "billing")).Ends(ExitCode.Ok).Output);
        Assert.Equal("inside", (await _ostore.RunAsync("get", "~billing/here")).Ends(ExitCode.Ok).Output);
    }

    [Fact]
    public async Task EventualGet_IsServed()
    {
        (await _ostore.RunAsync("put", "eventual", "v")).Ends(ExitCode.Ok);

        await Until.TrueAsync("the replica at hand has the record", async () => (await _ostore.RunAsync("get", "eventual", "--eventual")).Output == "v");
    }

    [Fact]
    public async Task Put_SaysWhatIsWrong_WhenTheValueIsTooLong()
    {
        var refused = (await _ostore.RunAsync(new byte[StoreLimits.DefaultMaxValueBytes + 1], default, "put", "long", "-")).Ends(ExitCode.Usage);
        Assert.Contains("1 MiB", refused.Errors);

        Assert.Contains("no store takes", (await _ostore.RunAsync(new byte[StoreLimits.MaxValueBytes + 1], default, "put", "long", "-")).Ends(ExitCode.Usage).Errors);
    }

    [Fact]
    public async Task Outcome_TellsEveryFate()
    {
        (await _ostore.RunAsync("put", "fate", "a", "--idempotency-key", "fate-1")).Ends(ExitCode.Ok);
        (await _ostore.RunAsync("put", "fate", "b", "--if-absent", "--idempotency-key", "fate-2")).Ends(ExitCode.PreconditionFailed);

        Assert.StartsWith("applied at revision", (await _ostore.RunAsync("outcome", "fate", "fate-1")).Ends(ExitCode.Ok).Output);
        Assert.Equal("applied", (await _ostore.RunAsync("outcome", "fate", "k:fate-1", "--output", "json")).Ends(ExitCode.Ok).Json.GetProperty("outcome").GetString());
        Assert.StartsWith("rejected", (await _ostore.RunAsync("outcome", "fate", "fate-2")).Ends(ExitCode.Ok).Output);
        Assert.StartsWith("never-applied", (await _ostore.RunAsync("outcome", "fate", "fate-3")).Ends(ExitCode.Ok).Output);

        Assert.StartsWith("never-applied", (await _ostore.RunAsync("outcome", "fate", "fate-4", "--first-sent", "2026-01-31T13:00:00+01:00")).Ends(ExitCode.Ok).Output);
        Assert.Contains("2026-01-31T12:00:00Z", (await _ostore.RunAsync("outcome", "fate", "fate-5", "--first-sent", "yesterday")).Ends(ExitCode.Usage).Errors);

        // It was settled: now it may not happen any more.
        Assert.Contains("new --idempotency-key", (await _ostore.RunAsync("put", "fate", "c", "--idempotency-key", "fate-3")).Ends(ExitCode.Failed).Errors);
    }
}
