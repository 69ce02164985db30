using System.Text.Json;
using OrleansStore.Cli.Tests.Support;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Cli.Tests;

/// <summary>status against a real store.</summary>
[Collection(RealStoreCollection.Name), Trait("Category", "Integration")]
public sealed class StatusTests(RealStore real)
{
    private readonly Ostore _ostore = new(real.Addresses);

    [Fact]
    public async Task Status_NamesDatacentersLinksAndBuckets()
    {
        var text = (await _ostore.RunAsync("status")).Ends(ExitCode.Ok).Output;

        Assert.All(["dc1", "dc2", "dc3"], name => Assert.Contains(name, text));
        Assert.All(["dc1 to dc2", "dc3 to dc1"], link => Assert.Contains(link, text));
        Assert.DoesNotContain("bucket  primary", text);
        Assert.Contains("bucket  primary", (await _ostore.RunAsync("status", "--buckets")).Ends(ExitCode.Ok).Output);
    }

    [Fact]
    public async Task Status_IsWholeInJson()
    {
        var datacenters = (await _ostore.RunAsync("status", "--buckets", "--output", "json")).Ends(ExitCode.Ok).Json.GetProperty("datacenters").EnumerateArray().ToList();

        Assert.Equal(["dc1", "dc2", "dc3"], datacenters.Select(datacenter => datacenter.GetProperty("datacenter").GetString()));
        Assert.All(datacenters, datacenter =>
        {
            Assert.Equal(16, datacenter.GetProperty("bucketCount").GetInt32());
            Assert.Equal(16, datacenter.GetProperty("buckets").GetArrayLength());
            Assert.Equal(2, datacenter.GetProperty("links").GetArrayLength());
            Assert.Equal(16, datacenter.GetProperty("replicas").EnumerateObject().Sum(state => state.Value.GetInt32()));
        });
        Assert.Equal(16, datacenters.Sum(datacenter => datacenter.GetProperty("primaryOf").GetInt32()));
    }

    [Fact]
    public async Task Watch_PrintsALineEachTime_WithoutATerminal()
    {
        var lines = (await _ostore.RunAsync("status", "--watch", "--count", "3", "--interval", "50ms")).Ends(ExitCode.Ok).Lines;
        var json = (await _ostore.RunAsync("status", "--watch", "--count", "2", "--interval", "50ms", "--output", "json")).Ends(ExitCode.Ok).Lines;

        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Matches("^....-..-..T..:..:..Z dc1 leads .* dc2 leads .* dc3 leads ", line));
        Assert.Equal(2, json.Length);
        Assert.All(json, line => Assert.Equal(3, JsonSerializer.Deserialize<JsonElement>(line).GetProperty("datacenters").GetArrayLength()));
    }

    [Fact]
    public async Task Watch_Redraws_OnATerminal()
    {
        var ostore = new Ostore(real.Addresses) { IsTerminal = true };

        var drawn = (await ostore.RunAsync("status", "--watch", "--count", "2", "--interval", "50ms")).Ends(ExitCode.Ok).Output;

        Assert.Contains("dc1 to dc2", drawn);
        Assert.Contains("\u001b[", drawn);
    }

    [Fact]
    public async Task Watch_EndsWith0_WhenItIsCancelled()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.NotEmpty((await _ostore.RunAsync([], stop.Token, "status", "--watch", "--interval", "50ms")).Ends(ExitCode.Ok).Lines);
    }

    [Fact]
    public async Task Status_ShowsWhichEndpointDoesNotAnswer()
    {
        var nobody = new Uri($"http://127.0.0.1:{FreePorts.Take()}");

        var text = (await new Ostore([real.Addresses[0], nobody]).RunAsync("status")).Ends(ExitCode.Ok).Output;

        Assert.Contains("dc1", text);
        Assert.Contains($"{nobody.Authority}", text);
        Assert.Contains("refuses connections", text);
    }
}
