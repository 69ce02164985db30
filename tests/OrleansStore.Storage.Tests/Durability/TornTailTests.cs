using OrleansStore.Consensus;
using OrleansStore.Storage.Log;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Durability;

/// <summary>What a crash leaves of a batch that was in flight is cut, however it looks; it must never be taken for damage.</summary>
public sealed class TornTailTests
{
    [Fact, Trait("Category", "Durability")]
    public void Recovery_CutsTheTail_WhenAnySectorsOfTheLastBatchAreMissing()
    {
        var torn = 0;
        for (var seed = 1UL; seed <= 1000; seed++)
        {
            var disk = new MemoryDisk(seed);
            var host = StorageHost.Open(disk);
            var bucket = new BucketId(1);
            var log = host.OpenReplica(bucket).Log;
            host.Append(log, Append(1, seed));
            // The first operation is the write of the batch, the second comes before its sync has ended.
            disk.CrashAt = disk.OperationCount + 2;
            host.Append(log, Append(2, seed));
            Assert.NotNull(host.Storage.Failure);
            disk.Crash(CrashLoss.Random);

            var next = StorageHost.Open(disk);
            var state = next.OpenReplica(bucket).State;
            Assert.InRange(state.Entries.Count, 1, 2);
            if (next.Storage.TornTail is { } tail)
            {
                torn++;
                AssertIsGone(disk, tail);
            }
        }

        Assert.InRange(torn, 300, 999);
    }

    private static void AssertIsGone(MemoryDisk disk, TornTail tail)
    {
        disk.Crash(CrashLoss.All);
        Assert.False(disk.Content(tail.File).AsSpan((int)tail.Offset).ContainsAnyExcept((byte)0), "the tail was not cut durably");
        Assert.Null(StorageHost.Open(disk).Storage.TornTail);
    }

    // Values of zeros with one set bit now and then: sectors that were not written differ from what they should hold in that one bit.
    private static LogAppend Append(ulong index, ulong seed)
    {
        var random = new Prng(seed);
        var data = new byte[random.Next(3000)];
        for (var i = random.Next(512); i < data.Length; i += 512)
        {
            data[i] = 1;
        }

        return new LogAppend { Entries = new[] { new Entry(new Term(1), new LogIndex(index), EntryType.Normal, data) } };
    }
}
