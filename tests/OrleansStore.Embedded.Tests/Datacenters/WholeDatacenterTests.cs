using System.Collections.Concurrent;
using System.Text;
using OrleansStore.Embedded.Tests.Harness;

namespace OrleansStore.Embedded.Tests.Datacenters;

/// <summary>All that a process of the embedded engine runs, but for the sockets and the disk of the machine, is a function of its seed.</summary>
[Trait("Category", "Simulation")]
public sealed class WholeDatacenterTests
{
    private static readonly StoreKey Key = StoreKey.FromText("orders/17");

    [Fact]
    public void OneWrite_HasTheSameEvents_WhenItIsRunAgain()
    {
        var first = WriteOnce(seed: 7);
        Assert.Equal(first, WriteOnce(seed: 7));
        Assert.NotEqual(first.Hash, WriteOnce(seed: 8).Hash);
    }

    [Fact]
    public void Store_KeepsItsPromises_WhenProcessesAndLinksFail() => RunSeeds(1, 10);

    [Fact, Trait("Category", "Slow")]
    public void Store_KeepsItsPromises_WhenManySeedsAreTried() => RunSeeds(10_000, 300);

    [Fact]
    public void Run_HasTheSameEvents_WhenItIsRunAgain()
    {
        var (first, second) = (new WholeStoreRun(3), new WholeStoreRun(3));
        first.Run();
        second.Run();
        Assert.Equal((first.Hash, first.OperationCount), (second.Hash, second.OperationCount));
    }

    private static void RunSeeds(ulong first, int count)
    {
        var faults = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        Parallel.For(0, count, offset =>
        {
            var run = new WholeStoreRun(first + (ulong)offset);
            run.Run();
            Assert.InRange(run.OperationCount, 100, int.MaxValue);
            foreach (var (fault, times) in run.Faults)
            {
                faults.AddOrUpdate(fault, times, (_, sum) => sum + times);
            }
        });
        Assert.Equal(["broken pair", "bulk connections cut", "isolation", "kill", "one-way cut", "pause"], faults.Keys.Order(StringComparer.Ordinal));
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
