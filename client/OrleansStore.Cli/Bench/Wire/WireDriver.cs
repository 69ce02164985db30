namespace OrleansStore.Cli.Bench.Wire;

/// <summary>Sends requests over connections of its own, as bytes of HTTP/1.1; callers are dealt out over connections, and connections over endpoints.</summary>
internal sealed class WireDriver : IBenchDriver
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(100);

    // The store answers within its deadline, if only to say that it cannot; what comes later than this does not come.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly BenchPlan _plan;
    private readonly TimeProvider _time;
    private readonly SplitMix64 _random;

    public WireDriver(BenchPlan plan, TimeProvider time)
    {
        _plan = plan;
        _time = time;
        _random = new SplitMix64(plan.Seed);
    }

    public async Task RunAsync(IReadOnlyList<ICallerScript> callers)
    {
        var connections = Enumerable.Range(0, Math.Min(_plan.Connections, callers.Count)).Select(index => Connect(index, callers)).ToList();
        using var watch = _time.CreateTimer(_ => connections.ForEach(connection => connection.Watch(_plan.Timeout + Grace)), null, WatchInterval, WatchInterval);
        await Task.WhenAll(connections.Select(connection => connection.RunAsync()));
    }

    public void Dispose()
    {
    }

    private WireConnection Connect(int index, IReadOnlyList<ICallerScript> callers)
    {
        var endpoint = _plan.Endpoints[index % _plan.Endpoints.Count];
        var own = callers.Where((_, caller) => caller % _plan.Connections == index);
        return new WireConnection(endpoint, new WireRequests(_plan, endpoint, _random.Fork()), own, _time);
    }
}
