using System.Collections.Concurrent;
using System.Globalization;

namespace OrleansStore.Simulation;

/// <summary>The real router, buckets, consensus and storage in virtual time, under faults.</summary>
public sealed class SimulationTests
{
    private static readonly TimeSpan Hostile = TimeSpan.FromSeconds(30);

    // States that the runs must reach, or they test less than they seem to.
    private static readonly string[] RareStates =
    [
        "crash", "all crash", "pause", "isolation", "broken pair", "one-way cut", "Get Ok", "Put Ok", "Put Unknown", "CompareAndSet Ok", "CompareAndSet Rejected", "Delete Ok",
    ];

    [Fact, Trait("Category", "Simulation")]
    public void Store_KeepsItsPromises_WhenEverythingFails() => RunSeeds(First(1), Count(40));

    [Fact, Trait("Category", "Slow")]
    public void Store_KeepsItsPromises_WhenManySeedsAreTried() => RunSeeds(First(100_000), Count(350));

    // 100379: a snapshot received from the leader became durable while an own, older one was being written, and was taken for it.
    [Theory, Trait("Category", "Simulation")]
    [InlineData(100_379)]
    public void Store_KeepsItsPromises_WhenASeedOnceFailed(ulong seed) => Run(seed);

    [Fact, Trait("Category", "Simulation")]
    public void Run_GivesTheSameEvents_WhenRepeatedWithItsSeed()
    {
        var first = Run(7).World.EventHash;

        Assert.Equal(first, Run(7).World.EventHash);
        Assert.NotEqual(first, Run(8).World.EventHash);
    }

    private static ulong First(ulong otherwise) =>
        Environment.GetEnvironmentVariable("SIM_SEED") is { Length: > 0 } seed ? ulong.Parse(seed, CultureInfo.InvariantCulture) : otherwise;

    private static int Count(int otherwise)
    {
        if (Environment.GetEnvironmentVariable("SIM_SEEDS") is { Length: > 0 } seeds)
        {
            return int.Parse(seeds, CultureInfo.InvariantCulture);
        }

        // A named seed is a replay: it runs alone.
        return Environment.GetEnvironmentVariable("SIM_SEED") is { Length: > 0 } ? 1 : otherwise;
    }

    private static void RunSeeds(ulong first, int count)
    {
        // Worlds share nothing, so seeds run beside each other.
        var reached = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        Parallel.For(0, count, i =>
        {
            foreach (var (state, times) in Run(first + (ulong)i).RareStates)
            {
                reached.AddOrUpdate(state, times, (_, sum) => sum + times);
            }
        });

        if (count > 1)
        {
            Assert.All(RareStates, state => Assert.True(reached.ContainsKey(state), $"'{state}' was never reached in {count} runs"));
        }
    }

    private static SimCluster Run(ulong seed)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var cluster = new SimCluster(seed);
        try
        {
            cluster.Run(Hostile);
        }
        catch (Exception e)
        {
            Assert.Fail($"seed {seed} at {cluster.World.Time}: {e}\n{cluster.Describe()}\nreplay: SIM_SEED={seed} dotnet test tests/OrleansStore.Simulation --filter Store_KeepsItsPromises_WhenEverythingFails");
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }

        return cluster;
    }
}
