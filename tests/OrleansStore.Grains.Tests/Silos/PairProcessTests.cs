using OrleansStore.Grains.Tests.Harness;
using OrleansStore.Integration.Harness;
using Xunit.Abstractions;

namespace OrleansStore.Grains.Tests.Silos;

/// <summary>Real processes, two silos per datacenter, and <c>kill -9</c>.</summary>
[Trait("Category", "Slow")]
public sealed class PairProcessTests(ITestOutputHelper output)
{
    // The store promises half of it on a machine of its own; the gap itself is printed.
    private static readonly TimeSpan WorstGap = TimeSpan.FromSeconds(10);

    [PairProcessFact]
    public async Task Silo_OfThePrimaryDatacenter_MayBeKilled_WhetherOrNotItHoldsTheLinks()
    {
        await using var processes = await PairProcesses.StartAsync();
        foreach (var isHolder in (bool[])[false, true])
        {
            var holder = processes.HolderOf(0);
            var victim = isHolder ? holder : 1 - holder;
            var survivors = processes.Clients.Where((_, i) => i != victim).ToList();
            var load = Load.Start(survivors, $"pair-{isHolder}-");
            await load.MoreAsync(300);
            load.ForgetGaps();
            await processes[victim].KillAsync();
            await load.MoreAsync(1500);
            output.WriteLine($"killed one silo of two, {(isHolder ? "with" : "without")} the links: the longest gap of a writer was {load.LongestGap.TotalMilliseconds:0} ms");
            Assert.True(load.LongestGap < WorstGap, $"A writer waited {load.LongestGap}.");

            processes.Start(victim);
            await Until.TrueAsync("the silo is ready again", () => processes[victim].Output.Contains("ready: ", StringComparison.Ordinal), seconds: 120);
            await load.MoreAsync(200);
            await load.StopAsync();
            await load.VerifyAsync(processes.Clients);
        }
    }
}
