using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Client.Tests;

/// <summary>A real store whose connections break, or whose datacenters stop: every write is applied, each once.</summary>
[Trait("Category", "Integration")]
public sealed class RealFailureTests : IAsyncLifetime, IDisposable
{
    private const int Callers = 8;
    private const int WritesEach = 25;

    private readonly RealStore _real = new();
    private readonly PartitionKey _partition = PartitionKey.FromText("p");

    public Task InitializeAsync() => _real.InitializeAsync();

    public Task DisposeAsync() => _real.DisposeAsync();

    public void Dispose() => _real.Dispose();

    // Each applied write raises the revision of the one bucket by one: a write that is applied twice leaves a gap between the revisions that callers saw, a lost one repeats or lacks one.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task EachWrite_IsAppliedOnce_WhenConnectionsBreak(ulong seed)
    {
        await using var first = new FlakyProxy(_real.Addresses[0], seed);
        await using var second = new FlakyProxy(_real.Addresses[1], seed + 100);
        using var store = _real.Connect(options => Use(options, first.Address, second.Address));

        var outcomes = await WriteAsync(store);

        var revisions = outcomes.Select(outcome => outcome.ThrowIfNotApplied().Revision.Value).Order().ToArray();
        Assert.True(Enumerable.Range(1, Callers * WritesEach).Select(i => (ulong)i).SequenceEqual(revisions), $"seed {seed}: {string.Join(' ', revisions)}");
        Assert.True(first.SwallowedAnswers + second.SwallowedAnswers > 10, $"seed {seed}: too few answers were lost to show anything");
        Assert.Equal(Callers * WritesEach, outcomes.Select(outcome => outcome.RequestId).Distinct().Count());
    }

    [Fact]
    public async Task EachWrite_IsAppliedOnce_WhenTheNearestDatacenterStops()
    {
        using var store = _real.Connect();
        var stopping = Task.CompletedTask;
        var written = 0;

        var outcomes = await WriteAsync(store, () =>
        {
            if (Interlocked.Increment(ref written) == Callers)
            {
                stopping = _real.StopAsync(0);
            }
        });
        await stopping;

        var revisions = outcomes.Select(outcome => outcome.ThrowIfNotApplied().Revision.Value).Order();
        Assert.Equal(Enumerable.Range(1, Callers * WritesEach).Select(i => (ulong)i), revisions);
        Assert.NotNull(await store.GetAsync(_partition.Key("0/0")));
    }

    private static void Use(StoreClientOptions options, params Uri[] endpoints)
    {
        options.Endpoints.Clear();
        foreach (var endpoint in endpoints)
        {
            options.Endpoints.Add(endpoint);
        }

        // A proxy that breaks connections all the time is probed all the time, so that both are used.
        options.EndpointRest = options.MaxEndpointRest = TimeSpan.FromMilliseconds(5);
        options.MaxBackoff = TimeSpan.FromMilliseconds(50);
        options.Timeout = TimeSpan.FromSeconds(30);
    }

    private async Task<WriteOutcome[]> WriteAsync(HttpStore store, Action? onWritten = null)
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Callers).Select(async caller =>
        {
            var own = new WriteOutcome[WritesEach];
            for (var i = 0; i < WritesEach; i++)
            {
                own[i] = await store.PutAsync(_partition.Key($"{caller}/{i}"), new byte[] { 1 });
                onWritten?.Invoke();
            }

            return own;
        }));
        return [.. outcomes.SelectMany(own => own)];
    }
}
