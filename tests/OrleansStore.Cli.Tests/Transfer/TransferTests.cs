using System.Text;
using OrleansStore.Cli.Tests.Support;
using OrleansStore.Client;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Cli.Tests.Transfer;

/// <summary>export and import against a real store.</summary>
[Collection(RealStoreCollection.Name), Trait("Category", "Integration")]
public sealed class TransferTests(RealStore real)
{
    private readonly Ostore _ostore = new(real.Addresses);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Import_MakesWhatExportTook(bool asBase64)
    {
        var (from, to) = ($"from{asBase64}", $"to{asBase64}");
        using var store = real.Connect();
        var random = new SplitMix64(17);
        for (var i = 0; i < 300; i++)
        {
            var key = new StoreKey(NamespaceId.Default, new[] { (byte)random.Next(256), (byte)random.Next(256), (byte)i, (byte)(i >> 8) });
            var value = Enumerable.Range(0, random.Next(2000)).Select(_ => (byte)random.Next(256)).ToArray();
            (await store.Namespace(from).PutAsync(key, value, contentType: i % 2 == 0 ? "x/y" : null)).ThrowIfNotApplied();
        }

        using var folder = new TestFolder();
        var path = Path.Combine(folder.Path, "all.ndjson");
        var exported = (await _ostore.RunAsync(["export", path, "--namespace", from, "--output", "json", .. asBase64 ? ["--key-base64"] : Array.Empty<string>()])).Ends(ExitCode.Ok).Json;
        var imported = (await _ostore.RunAsync("import", path, "--namespace", to, "--expect", "300", "--output", "json")).Ends(ExitCode.Ok).Json;

        Assert.Equal(300, exported.GetProperty("records").GetInt32());
        Assert.Equal(exported.GetProperty("valueBytes").GetInt64(), imported.GetProperty("valueBytes").GetInt64());
        Assert.Equal(await AllAsync(store.Namespace(from)), await AllAsync(store.Namespace(to)));
        Assert.False(File.Exists(path + ".partial"));
    }

    [Fact]
    public async Task Export_GoesToStandardOutput_InsideOfItsRange()
    {
        (await _ostore.RunAsync("put", "x1/a", "1")).Ends(ExitCode.Ok);
        (await _ostore.RunAsync("put", "x1/b", "2")).Ends(ExitCode.Ok);

        var exported = (await _ostore.RunAsync("export", "--prefix", "x1/", "--start", "x1/a%00")).Ends(ExitCode.Ok);

        var line = Assert.Single(exported.Lines);
        Assert.Matches("""^\{"key":"x1/b","revision":\d+,"contentType":"application/octet-stream","value":"Mg=="\}$""", line);
        Assert.Contains("exported 1 records with 1 bytes", exported.Errors);
    }

    [Fact]
    public async Task Export_ReplacesNoFile_UnlessAsked()
    {
        using var folder = new TestFolder();
        var path = Path.Combine(folder.Path, "file");
        await File.WriteAllTextAsync(path, "precious");

        Assert.Contains("--overwrite", (await _ostore.RunAsync("export", path)).Ends(ExitCode.Usage).Errors);
        Assert.Equal("precious", await File.ReadAllTextAsync(path));
        (await _ostore.RunAsync("export", path, "--prefix", "x2/none", "--overwrite")).Ends(ExitCode.Ok);
        Assert.Empty(await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task Import_LeavesRecordsAlone_WhenAsked()
    {
        (await _ostore.RunAsync("put", "x3/a", "old")).Ends(ExitCode.Ok);

        var tally = (await ImportAsync(Line("x3/a", "new") + Line("x3/b", "new"), "--if-absent", "--output", "json")).Ends(ExitCode.Ok).Json;

        Assert.Equal(1, tally.GetProperty("written").GetInt32());
        Assert.Equal(1, tally.GetProperty("existing").GetInt32());
        Assert.Equal("old", (await _ostore.RunAsync("get", "x3/a")).Output);
    }

    [Fact]
    public async Task Import_LetsTheLastLineOfAKeyWin_HoweverManyCallers()
    {
        var lines = string.Concat(Enumerable.Range(0, 200).Select(i => Line($"x4/{i % 4}", $"{i}")));

        (await ImportAsync(lines, "--callers", "64")).Ends(ExitCode.Ok);

        for (var key = 0; key < 4; key++)
        {
            Assert.Equal($"{196 + key}", (await _ostore.RunAsync("get", $"x4/{key}")).Output);
        }
    }

    [Fact]
    public async Task Import_SkipsLines_AndCountsThem()
    {
        var tally = (await ImportAsync(Line("x5/a", "1") + "\n" + Line("x5/b", "2") + Line("x5/c", "3").TrimEnd(), "--skip", "2", "--output", "json", "--expect", "3"))
            .Ends(ExitCode.Ok).Json;

        Assert.Equal(3, tally.GetProperty("records").GetInt32());
        Assert.Equal(1, tally.GetProperty("skipped").GetInt32());
        (await _ostore.RunAsync("get", "x5/a")).Ends(ExitCode.NotFound);
        Assert.Equal("3", (await _ostore.RunAsync("get", "x5/c")).Output);
    }

    [Fact]
    public async Task Import_EndsWith1_WhenTheFileHoldsLessThanExpected() =>
        Assert.Contains("holds 1 records, not the 2", (await ImportAsync(Line("x6/a", "1"), "--expect", "2")).Ends(ExitCode.Failed).Errors);

    [Theory]
    [InlineData("garbage", "no JSON")]
    [InlineData("""{"key":"x","val""", "no JSON, or not all of it")]
    [InlineData("""{"key":"x"}""", "no value")]
    [InlineData("""{"value":""}""", "no key")]
    [InlineData("""{"key":"x","keyBase64":"eA","value":""}""", "or two")]
    [InlineData("""{"key":"x","value":"?"}""", "no base64")]
    [InlineData("""{"key":"x","value":"","ttl":1}""", "'ttl'")]
    public async Task Import_SaysWhichLineIsNone_AndWritesThoseBefore(string bad, string part)
    {
        var prefix = $"x7/{(uint)StoreKey.FromText(bad).GetHashCode()}";
        var failed = (await ImportAsync(Line($"{prefix}/a", "1") + Line($"{prefix}/b", "2") + bad + "\n" + Line($"{prefix}/c", "3"))).Ends(ExitCode.Failed);

        Assert.Contains("at line 3", failed.Errors);
        Assert.Contains(part, failed.Errors);
        Assert.Contains("--skip 2", failed.Errors);
        Assert.Equal("2", (await _ostore.RunAsync("get", $"{prefix}/b")).Output);
        (await _ostore.RunAsync("get", $"{prefix}/c")).Ends(ExitCode.NotFound);
    }

    [Fact]
    public async Task Import_ShowsNoControlCharacters_OfAFile()
    {
        var failed = (await ImportAsync("""{"key":"x","value":"","\u001b[2J":1}""")).Ends(ExitCode.Failed);

        Assert.Contains(".[2J", failed.Errors);
        Assert.DoesNotContain("\u001b", failed.Errors);
    }

    [Fact]
    public async Task Import_TakesNoLineOfAnyLength()
    {
        var failed = (await ImportAsync(Line("x8/a", "1") + new string(' ', 5_000_000))).Ends(ExitCode.Failed);

        Assert.Contains("at line 2", failed.Errors);
        Assert.Contains("more than", failed.Errors);
    }

    [Fact]
    public async Task Import_SaysWhereToGoOn_WhenTheStoreFails()
    {
        // The third put and those after it are refused.
        await using var server = new ScriptedServer(request => request.Target.StartsWith("/v1/kv/", StringComparison.Ordinal) && request.Target[^1] >= '3'
            ? ScriptedReply.Problem(503, "disk-full", ("Retry-After", "1"))
            : ScriptedReply.Put(1));
        var lines = string.Concat(Enumerable.Range(1, 9).Select(i => Line($"k{i}", "v")));

        var failed = (await new Ostore(server.Address).RunAsync(Encoding.UTF8.GetBytes(lines), default, "import", "-", "--callers", "1", "--timeout", "300ms", "--output", "json"))
            .Ends(ExitCode.Unavailable);

        Assert.Contains("at line 3, k3", failed.Errors);
        Assert.Contains("--skip 2", failed.Errors);
        Assert.Equal("incomplete", failed.Json.GetProperty("status").GetString());
        Assert.Equal(2, failed.Json.GetProperty("doneLines").GetInt32());
        Assert.Equal(2, failed.Json.GetProperty("written").GetInt32());
    }

    [Fact]
    public async Task Export_SaysWhereToGoOn_WhenTheStoreFails()
    {
        await using var server = new ScriptedServer(request => request.Target.Contains("cursor=", StringComparison.Ordinal)
            ? ScriptedReply.Problem(503, "throttled", ("Retry-After", "1"))
            : ScriptedReply.Of(200, """{"items":[{"key":"a%20b","revision":1,"size":1,"contentType":"x","value":"AA=="}],"next":"c"}"""));
        using var folder = new TestFolder();
        var path = Path.Combine(folder.Path, "part.ndjson");

        var failed = (await new Ostore(server.Address).RunAsync("export", path, "--timeout", "300ms")).Ends(ExitCode.Unavailable);

        Assert.Contains("after 1 records", failed.Errors);
        Assert.Contains("--start a%20b%00", failed.Errors);
        Assert.False(File.Exists(path));
        Assert.Single(await File.ReadAllLinesAsync(path + ".partial"));
    }

    [Fact]
    public async Task Progress_IsShownOnATerminal_AndNowhereElse()
    {
        var input = Encoding.UTF8.GetBytes(Line("x9/a", "1"));

        Assert.Empty((await _ostore.RunAsync(input, default, "import", "-")).Ends(ExitCode.Ok).Errors);
        Assert.Contains("importing", (await new Ostore(real.Addresses) { IsTerminal = true }.RunAsync(input, default, "import", "-")).Ends(ExitCode.Ok).Errors);
    }

    private static string Line(string key, string value) => $$"""{"key":"{{key}}","value":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}}"}""" + "\n";

    private static async Task<List<string>> AllAsync(IStore store)
    {
        List<string> all = [];
        await foreach (var item in store.ScanAsync())
        {
            all.Add($"{item.Key} {item.ContentType} {Convert.ToHexString(item.Value.Span)}");
        }

        return all;
    }

    private Task<CliResult> ImportAsync(string lines, params string[] arguments) => _ostore.RunAsync(Encoding.UTF8.GetBytes(lines), default, ["import", "-", .. arguments]);
}
