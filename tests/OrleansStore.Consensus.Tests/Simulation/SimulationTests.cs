using System.Globalization;
using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus.Tests.Simulation;

public sealed class SimulationTests
{
    private static readonly TimeSpan Hostile = TimeSpan.FromSeconds(20);

    // States that the runs must reach, or they test less than they seem to.
    private static readonly string[] RareStates =
        ["ReadIndex answered", "lease read", "hibernation begun", "deactivated asleep", "membership Appended", "proposal Throttled", "proposal TransferInProgress"];

    [Fact, Trait("Category", "Simulation")]
    public void Group_KeepsItsPromises_WhenNetworkDiskAndProcessesFail() => RunSeeds(First(1), 200);

    [Fact, Trait("Category", "Slow")]
    public void Group_KeepsItsPromises_WhenManySeedsAreTried() => RunSeeds(First(100_000), Count(3_000));

    [Fact, Trait("Category", "Simulation")]
    public void Run_GivesTheSameEvents_WhenRepeatedWithItsSeed()
    {
        var first = Run(42);
        var second = Run(42);

        Assert.Equal(first.EventHash, second.EventHash);
        Assert.NotEqual(first.EventHash, Run(43).EventHash);
    }

    private static ulong First(ulong otherwise) =>
        Environment.GetEnvironmentVariable("SIM_SEED") is { Length: > 0 } seed ? ulong.Parse(seed, CultureInfo.InvariantCulture) : otherwise;

    private static int Count(int otherwise) =>
        Environment.GetEnvironmentVariable("SIM_SEEDS") is { Length: > 0 } seeds ? int.Parse(seeds, CultureInfo.InvariantCulture) : otherwise;

    private static void RunSeeds(ulong first, int count)
    {
        // A named seed is a replay: it runs alone.
        var isReplay = Environment.GetEnvironmentVariable("SIM_SEED") is { Length: > 0 } && Environment.GetEnvironmentVariable("SIM_SEEDS") is not { Length: > 0 };
        count = isReplay ? 1 : count;
        var reached = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var acknowledged = 0L;
        for (var seed = first; seed < first + (ulong)count; seed++)
        {
            var group = Run(seed);
            acknowledged += group.CommandsAcknowledged;
            foreach (var (state, times) in group.RareStates)
            {
                reached[state] = reached.GetValueOrDefault(state) + times;
            }
        }

        Assert.True(acknowledged > 10 * count, $"only {acknowledged} commands were acknowledged in {count} runs");
        if (!isReplay)
        {
            Assert.All(RareStates, state => Assert.True(reached.ContainsKey(state), $"'{state}' was never reached in {count} runs"));
        }
    }

    private static SimGroup Run(ulong seed)
    {
        var group = new SimGroup(seed);
        try
        {
            group.Run(Hostile);
        }
        catch (Exception e) when (e is SimulationViolationException or InvariantViolationException)
        {
            Assert.Fail($"seed {seed} at {group.Time}: {e}\nreplay: SIM_SEED={seed} dotnet test tests/OrleansStore.Consensus.Tests --filter Group_KeepsItsPromises_WhenNetworkDiskAndProcessesFail");
        }

        return group;
    }
}
