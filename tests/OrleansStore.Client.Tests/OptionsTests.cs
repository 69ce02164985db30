using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Client.Tests;

/// <summary>Options are checked as a whole, before anything is done with them.</summary>
[Trait("Category", "Unit")]
public sealed class OptionsTests
{
    [Fact]
    public void Defaults_NeedOnlyAnEndpoint()
    {
        Assert.Empty(StoreClientOptions.For("http://127.0.0.1:5101", "https://store.example").FindErrors());
        Assert.Equal(["Endpoints is empty; the address of at least one datacenter is needed."], new StoreClientOptions().FindErrors());
    }

    [Fact]
    public void Errors_NameEveryMistake_WithItsValue()
    {
        var options = StoreClientOptions.For("not an address", "ftp://u:p@a", "http://a/path", "http://u:p@a", "http://b", "http://B/");
        options.Timeout = TimeSpan.Zero;
        options.AttemptTimeout = TimeSpan.FromSeconds(61);
        options.ConnectTimeout = TimeSpan.FromSeconds(-1);
        options.InitialBackoff = TimeSpan.FromSeconds(2);
        options.EndpointRest = TimeSpan.FromMinutes(1);
        options.FailuresBeforeRest = 0;
        options.MaxConnectionsPerEndpoint = 70_000;
        options.MaxAnswerBytes = 1;
        options.ConnectionLifetime = TimeSpan.Zero;

        var errors = options.FindErrors();

        string[] expected =
        [
            "Endpoints[0] is not an address;", "Endpoints[1] is ftp://a;", "Endpoints[2] is http://a with", "Endpoints[3] is http://a with", "Endpoints[5] is http://b, which is there twice",
            "Timeout is 00:00:00;", "AttemptTimeout is 00:01:01;", "ConnectTimeout is -00:00:01;", "InitialBackoff is 00:00:02;", "EndpointRest is 00:01:00;", "FailuresBeforeRest is 0;",
            "MaxConnectionsPerEndpoint is 70000;", "MaxAnswerBytes is 1;", "ConnectionLifetime is 00:00:00;",
        ];
        Assert.Equal(expected.Length, errors.Count);
        Assert.All(expected, start => Assert.Contains(errors, error => error.StartsWith(start, StringComparison.Ordinal)));
        Assert.DoesNotContain(errors, error => error.Contains("u:p", StringComparison.Ordinal));
        var e = Assert.Throws<ArgumentException>(() => new HttpStore(options));
        Assert.All(errors, error => Assert.Contains(error, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void AddOrleansStore_ChecksAtStart_AndTellsAllMistakes()
    {
        var services = new ServiceCollection();
        services.AddOrleansStore(options => options.Timeout = TimeSpan.Zero);
        using var provider = services.BuildServiceProvider();

        var e = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(2, e.Failures.Count());
        Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStore>());
    }

    [Fact]
    public async Task AddOrleansStore_GivesOneStore_WhichEndsWithTheContainer()
    {
        await using var server = ScriptedServer.Answering(ScriptedReply.Value("x"));
        var services = new ServiceCollection();
        services.AddOrleansStore(options => options.Endpoints.Add(server.Address)).Configure(options => options.Timeout = TimeSpan.FromSeconds(3));
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        var store = provider.GetRequiredService<IStore>();

        Assert.Same(store, provider.GetRequiredService<IStore>());
        Assert.Equal("x", await store.GetTextAsync("a"));
        await provider.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.GetTextAsync("a"));
    }

    [Fact]
    public void CallOptions_RefuseWhatIsOutOfRange()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReadOptions { Timeout = TimeSpan.Zero });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReadOptions { Timeout = CallOptions.MaxTimeout + TimeSpan.FromTicks(1) });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReadOptions { Consistency = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScanOptions { PageSize = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScanOptions { PageSize = ScanRequest.MaxLimit + 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScanOptions { Prefix = new byte[StoreLimits.MaxKeyBytes + 1] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScanOptions { End = new byte[StoreLimits.MaxKeyBytes + 2] });
        Assert.Throws<ArgumentException>(() => new WriteOptions { IdempotencyKey = "" });
        Assert.Throws<ArgumentException>(() => new WriteOptions { IdempotencyKey = "s:1" });
        Assert.Throws<ArgumentException>(() => new WriteOptions { IdempotencyKey = "k:1" });
        Assert.Throws<ArgumentException>(() => new WriteOptions { IdempotencyKey = " x" });
        Assert.Throws<ArgumentException>(() => new WriteOptions { IdempotencyKey = "x " });
        Assert.Equal("x:1", new WriteOptions { IdempotencyKey = "x:1" }.IdempotencyKey);
    }
}
