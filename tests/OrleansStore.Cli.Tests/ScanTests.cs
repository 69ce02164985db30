using System.Text.Json;
using OrleansStore.Cli.Tests.Support;
using OrleansStore.Client;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Cli.Tests;

/// <summary>scan against a real store.</summary>
[Collection(RealStoreCollection.Name), Trait("Category", "Integration")]
public sealed class ScanTests(RealStore real)
{
    private readonly Ostore _ostore = new(real.Addresses);

    [Fact]
    public async Task Scan_ListsKeysInOrder_WithinItsBounds()
    {
        await PutAsync("s1/a", "s1/b", "s1/c", "s1/d");

        Assert.Equal(["s1/a", "s1/b", "s1/c", "s1/d"], await KeysAsync("--prefix", "s1/"));
        Assert.Equal(["s1/b", "s1/c"], await KeysAsync("--prefix", "s1/", "--start", "s1/b", "--end", "s1/d"));
        Assert.Equal(["s1/b"], await KeysAsync("--prefix", "czEv", "--start", "czEvYg==", "--end", "czEvYw", "--key-base64"));
        Assert.Equal(["s1/a", "s1/b"], await KeysAsync("--prefix", "s1/", "--limit", "2"));
    }

    [Fact]
    public async Task Scan_EscapesWhatCannotBeSeen()
    {
        await PutAsync("s2/\n\u001b[31m");

        Assert.Equal(["s2/%0A%1B[31m"], await KeysAsync("--prefix", "s2/"));
        var line = (await _ostore.RunAsync("scan", "--prefix", "s2/", "--values")).Ends(ExitCode.Ok).Lines[^1];
        Assert.EndsWith("s2/%0A%1B[31m  v of s2/..[31m", line);
    }

    [Fact]
    public async Task Scan_ShowsTheBeginningOfLongValues()
    {
        using var store = real.Connect();
        (await store.PutTextAsync("s5/a", new string('x', 101))).ThrowIfNotApplied();
        (await store.PutTextAsync("s5/b", new string('x', 100))).ThrowIfNotApplied();

        var lines = (await _ostore.RunAsync("scan", "--prefix", "s5/", "--values")).Ends(ExitCode.Ok).Lines;

        Assert.Equal(3, lines.Length);
        Assert.EndsWith("s5/a  " + new string('x', 100) + "...", lines[1]);
        Assert.EndsWith("s5/b  " + new string('x', 100), lines[2]);
    }

    [Fact]
    public async Task Scan_WritesOneObjectALine_InJson()
    {
        await PutAsync("s3/a", "s3/b");

        var bare = (await _ostore.RunAsync("scan", "--prefix", "s3/", "--output", "json")).Ends(ExitCode.Ok).Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        var full = (await _ostore.RunAsync("scan", "--prefix", "s3/", "--output", "json", "--values")).Ends(ExitCode.Ok).Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();

        Assert.Equal(["s3/a", "s3/b"], bare.Select(item => item.GetProperty("key").GetString()));
        Assert.All(bare, item => Assert.False(item.TryGetProperty("value", out _)));
        Assert.Equal("v of s3/b"u8, full[1].GetProperty("value").GetBytesFromBase64());
    }

    [Fact]
    public async Task Scan_GoesOverAllPages()
    {
        using var store = real.Connect();
        await Task.WhenAll(Enumerable.Range(0, 1100).Select(i => store.PutTextAsync($"s4/{i:D5}", "x").AsTask()));

        Assert.Equal(Enumerable.Range(0, 1100).Select(i => $"s4/{i:D5}"), await KeysAsync("--prefix", "s4/"));
        Assert.Equal(1050, (await KeysAsync("--prefix", "s4/", "--limit", "1050")).Length);
    }

    private async Task<string[]> KeysAsync(params string[] arguments) => (await _ostore.RunAsync(["scan", "--keys-only", .. arguments])).Ends(ExitCode.Ok).Lines;

    private async Task PutAsync(params string[] keys)
    {
        using var store = real.Connect();
        foreach (var key in keys)
        {
            (await store.PutTextAsync(key, $"v of {key}")).ThrowIfNotApplied();
        }
    }
}
