using System.Collections.Concurrent;
using System.Text;
using OrleansStore.Embedded.Tests.Harness;
using OrleansStore.Simulation;
using Xunit.Abstractions;

namespace OrleansStore.Embedded.Tests.Datacenters;

/// <summary>All that a process of the embedded engine runs, but for the sockets and the disk of the machine, is a function of its seed.</summary>
[Trait("Category", "Simulation")]
public sealed class WholeDatacenterTests(ITestOutputHelper output)
{
    private static readonly StoreKey Key = StoreKey.FromText("orders/17");

    // What any ten seeds come upon.
    private static readonly string[] Expected =
    [
        "answer lost", "broken pair", "bulk connections cut", "clients cut off", "isolation", "kill", "one-way cut", "operation", "pause", "request failed", "request late", "slow disk", "write repeated",
        "write unknown",
    ];

    [Fact]
    public void OneWrite_HasTheSameEvents_WhenItIsRunAgain()
    {
        var first = WriteOnce(seed: 7);
        Assert.Equal(first, WriteOnce(seed: 7));
        Assert.NotEqual(first.Hash, WriteOnce(seed: 8).Hash);
    }

    [Fact]
    public Task Store_KeepsItsPromises_WhenProcessesAndLinksFail() => RunSeedsAsync(SeedRange.Read(1, 10));

    [Fact, Trait("Category", "Slow")]
    public Task Store_KeepsItsPromises_WhenManySeedsAreTried() => RunSeedsAsync(SeedRange.Read(10_000, 300));

    [Fact]
    public async Task Run_HasTheSameEvents_WhenItIsRunAgain()
    {
        using var first = new WholeStoreRun(3);
        using var second = new WholeStoreRun(3);
        await first.RunAsync();
        await second.RunAsync();
        Assert.Equal((first.Hash, first.OperationCount), (second.Hash, second.OperationCount));
    }

    private async Task RunSeedsAsync(SeedRange seeds)
    {
        var seen = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var failures = await seeds.RunAsync(async seed =>
        {
            using var run = new WholeStoreRun(seed);
            await run.RunAsync();
            Assert.InRange(run.OperationCount, 100, int.MaxValue);
            foreach (var (what, times) in run.Faults.Select(fault => (fault.Key, fault.Value)).Concat(run.Rarities).Where(each => each.Item2 > 0))
            {
                seen.AddOrUpdate(what, times, (_, sum) => sum + times);
            }

            seen.AddOrUpdate("operation", run.OperationCount, (_, sum) => sum + run.OperationCount);
        });
        output.WriteLine(string.Join("; ", seen.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => $"{each.Key} {each.Value}")));
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        Assert.Equal(seeds.Count > 1 ? Expected : seen.Keys.Order(StringComparer.Ordinal), seen.Keys.Order(StringComparer.Ordinal));
    }

    /// <summary>Forms a store of three datacenters, writes through the second one, reads through all and stops.</summary>
    private static (ulong Hash, long Ticks) WriteOnce(ulong seed)
    {
        var store = new VirtualDatacenters(3, seed);
        var value = Encoding.UTF8.GetBytes("a piano");
        var written = store.Run(2, (datacenter, context) => datacenter.WriteAsync(new Transaction([], [Operation.Put(Key, value, contentType: null)]), default, context, default));
        Assert.Equal(WriteStatus.Applied, written.Result.Status);
        for (var number = 1; number <= 3; number++)
        {
            var read = store.Run(number, (datacenter, context) => datacenter.ReadAsync(Key, ReadConsistency.Linearizable, context, default));
            Assert.Equal(value, read.Result.Record!.Value.ToArray());
        }

        store.Stop();
        return (store.World.EventHash, store.World.NowTicks);
    }
}
