using OrleansStore.Consensus;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Log;

/// <summary>What happens for every append costs its caller no allocation.</summary>
[Trait("Category", "Unit")]
public sealed class AllocationTests
{
    private const int Appends = 100;

    [Fact]
    public void Append_AllocatesNothing_OnceTheBuffersHaveGrown()
    {
        var host = StorageHost.Open(new MemoryDisk(seed: 1), new StorageOptions { MinReserveBytes = 0 });
        var log = host.OpenReplica(new BucketId(1)).Log;
        var entries = new Entry[1];
        var (last, allocated) = (0UL, 0L);

        // Two buffers take turns, and both must have grown.
        for (var round = 0; round < 4; round++)
        {
            allocated = 0;
            for (var i = 0; i < Appends; i++)
            {
                entries[0] = new Entry(new Term(1), new LogIndex(++last), EntryType.Normal, new byte[256]);
                var append = new LogAppend { Entries = entries, HardState = new HardState(new Term(1), ReplicaId.None, new LogIndex(last - 1)) };
                var before = GC.GetAllocatedBytesForCurrentThread();
                var status = log.TryAppend(append, last);

                // The first of a batch wakes the log's loop.
                allocated += i == 0 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.Equal(AppendStatus.Queued, status);
            }

            host.Pump.RunAll();
        }

        Assert.Equal(4 * Appends, host.Recorder.Completions.Count);
        Assert.Equal(0, allocated);
    }
}
