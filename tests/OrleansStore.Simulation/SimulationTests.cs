using System.Collections.Concurrent;
using System.Diagnostics;
using OrleansStore.Consensus;
using OrleansStore.Service.Replicas;
using OrleansStore.Verification.Reports;
using Xunit.Abstractions;

namespace OrleansStore.Simulation;

/// <summary>The real router, buckets, consensus and storage in virtual time, under faults.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Hostile = TimeSpan.FromSeconds(30);

    // States that the runs must reach, or they test less than they seem to.
    private static readonly string[] RareStates =
    [
        .. Enum.GetValues<SimFaultKind>().Select(kind => $"fault {kind}"),
        "get Found", "get NotFound", "put Applied", "put OutcomeUnknown", "put Unavailable", "put DiskFull", "compare-and-set Applied", "compare-and-set PreconditionFailed", "delete Applied",
        "delete NotFound", "transaction Applied", "transaction PreconditionFailed", "outcome Applied", "outcome NeverApplied", "no answer at all", "leader change", "learner", "joint configuration",
        "activated again", "activation refused", "damage found", "poisoned log", "flipped bit", "awake again in a partition",
    ];

    // States that thousands of runs must reach.
    private static readonly string[] RarestStates = ["payload of a later release", "misdirected write", "snapshot resumed", "outcome Expired", "joint configuration during a crash"];

    [Fact, Trait("Category", "Simulation")]
    public Task Store_KeepsItsPromises_WhenEverythingFails() => RunSeedsAsync(SeedRange.Read(1, 40));

    [Fact, Trait("Category", "Slow"), Trait("Category", "Seeds")]
    public Task Store_KeepsItsPromises_WhenManySeedsAreTried() => RunSeedsAsync(SeedRange.Read(100_000, 3_000));

    // 100379: a snapshot received from the leader became durable while an own, older one was being written, and was taken for it.
    // The others: see TRACK-RECORD.md.
    [Theory, Trait("Category", "Simulation")]
    [InlineData(100_379)]
    [InlineData(100_003)]
    [InlineData(100_008)]
    [InlineData(100_058)]
    [InlineData(100_083)]
    [InlineData(100_194)]
    [InlineData(100_197)]
    [InlineData(100_904)]
    [InlineData(100_966)]
    [InlineData(102_261)]
    [InlineData(102_310)]
    [InlineData(300_278)]
    [InlineData(301_716)]
    [InlineData(56)]
    [InlineData(328)]
    public void Store_KeepsItsPromises_WhenASeedOnceFailed(ulong seed) => Run(seed);

    [Fact, Trait("Category", "Simulation")]
    public void Run_GivesTheSameEvents_WhenRepeatedWithItsSeed()
    {
        var first = Run(7).World.EventHash;

        Assert.Equal(first, Run(7).World.EventHash);
        Assert.NotEqual(first, Run(8).World.EventHash);
    }

    [Fact, Trait("Category", "Simulation")]
    public void Stop_EndsWhenLeadershipIsHandedOver()
    {
        using var alone = new NoContext();
        using var cluster = new SimCluster(1);
        cluster.RunQuietly(TimeSpan.FromSeconds(5));
        var datacenter = cluster.Datacenters.MaxBy(datacenter => LedBy(datacenter.Silo!).Count())!;
        var silo = datacenter.Silo!;
        Assert.NotEmpty(LedBy(silo));

        Assert.True(cluster.World.Await(datacenter.StopInGoodOrder(TimeSpan.FromSeconds(5)), TimeSpan.FromSeconds(6)));

        Assert.Empty(LedBy(silo));

        IEnumerable<uint> LedBy(BucketSilo silo)
        {
            for (uint number = 0; number < (uint)cluster.Placement.Topology.BucketCount.Value; number++)
            {
                if (silo.IsActive(new BucketId(number)) && silo.StatusOf(new BucketId(number)) is { Role: RaftRole.Leader })
                {
                    yield return number;
                }
            }
        }
    }

    private async Task RunSeedsAsync(SeedRange seeds)
    {
        var watch = Stopwatch.StartNew();
        var (operations, seconds) = (0L, 0L);
        var (hostileOperations, hostileTicks) = (0L, 0L);
        var reached = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var failures = await seeds.RunAsync(seed =>
        {
            var own = Stopwatch.StartNew();
            var cluster = Run(seed, underFaults =>
            {
                Interlocked.Add(ref hostileOperations, underFaults.Checks.History.Operations.Count);
                Interlocked.Add(ref hostileTicks, own.ElapsedTicks);
            });
            Interlocked.Add(ref operations, cluster.Checks.History.Operations.Count);
            Interlocked.Add(ref seconds, (long)cluster.World.Time.TotalSeconds);
            foreach (var (state, times) in cluster.RareStates)
            {
                reached.AddOrUpdate(state, times, (_, sum) => sum + times);
            }
        });

        output.WriteLine($"{seeds.Count} seeds from {seeds.First}: {seconds} simulated seconds, {operations} operations, {watch.Elapsed.TotalSeconds:0.0} s on {Environment.ProcessorCount} cores");
        output.WriteLine(
            $"  of these while faults come: {seeds.Count * Hostile.TotalSeconds} simulated seconds, {hostileOperations} operations, {hostileTicks / (double)Stopwatch.Frequency:0.0} s of a core");
        foreach (var (state, times) in reached.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"  {state}: {times}");
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        if (seeds.Count > 1)
        {
            Assert.All(seeds.Count < 3_000 ? RareStates : [.. RareStates, .. RarestStates], state => Assert.True(reached.ContainsKey(state), $"'{state}' was never reached in {seeds.Count} runs"));
        }
    }

    private static SimCluster Run(ulong seed, Action<SimCluster>? faultsEnded = null)
    {
        using var alone = new NoContext();
        using var cluster = new SimCluster(seed);
        try
        {
            cluster.Run(Hostile, () => faultsEnded?.Invoke(cluster));
        }
        catch (Exception e)
        {
            SaveTimeline(cluster, seed);
            var checker = (e as SimulationViolationException)?.Property is { } property ? $"{property}" : "no checker";
            Assert.Fail($"seed {seed} at {cluster.World.Time}, found by {checker}: {e}\n{cluster.Describe()}\nreplay: SIM_SEED={seed} dotnet test tests/OrleansStore.Simulation --filter Store_KeepsItsPromises_WhenEverythingFails");
        }

        return cluster;
    }

    /// <summary>Draws what contradicts itself, if somebody said where to.</summary>
    private static void SaveTimeline(SimCluster cluster, ulong seed)
    {
        if (cluster.Checks.Counterexample is { } counterexample && Environment.GetEnvironmentVariable("SIM_TIMELINES") is { Length: > 0 } folder)
        {
            using var writer = new StreamWriter(Path.Combine(folder, $"seed-{seed}.html"));
            TimelinePage.Write(counterexample, $"seed {seed}", writer);
        }
    }

    /// <summary>Takes the test runner's context away, so that continuations run in the simulation.</summary>
    private sealed class NoContext : IDisposable
    {
        private readonly SynchronizationContext? _context = SynchronizationContext.Current;

        public NoContext() => SynchronizationContext.SetSynchronizationContext(null);

        public void Dispose() => SynchronizationContext.SetSynchronizationContext(_context);
    }
}
