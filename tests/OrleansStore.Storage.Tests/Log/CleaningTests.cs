using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Storage.Log;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Log;

/// <summary>Invariant 7: disk use is bounded by live data, and one idle bucket pins nothing.</summary>
public sealed class CleaningTests
{
    private static readonly GroupConfig Config = GroupConfig.Create([ReplicaId.Create(1, 1)]);

    // Ten million overwrites scaled down: 20,000 entries of 100 bytes through segments of 16 KiB, one bucket idle from the start.
    [Fact, Trait("Category", "Durability")]
    public void Folder_StaysBounded_WhenTheSameKeysAreOverwritten()
    {
        const long MaxBytes = (64 << 10) + (3 * (16 << 10)) + (16 << 10);
        var options = new StorageOptions
        {
            SegmentBytes = 16 << 10,
            MinRetainedBytes = 64 << 10,
            ZeroAheadBytes = 4096,
            MaxBatchBytes = 16 << 10,
            CopyBudgetBytes = 8 << 10,
            MinReserveBytes = 0,
        };
        var disk = new MemoryDisk(seed: 1);
        var host = StorageHost.Open(disk, options);
        var idle = host.OpenReplica(new BucketId(99)).Log;
        host.Append(idle, Append(1, 3) with { HardState = new HardState(new Term(3), ReplicaId.Create(1, 1), new LogIndex(3)), DueTime = new DueTime(77) });
        var logs = Enumerable.Range(0, 4).Select(number => host.OpenReplica(new BucketId((uint)number)).Log).ToArray();

        for (var round = 0UL; round < 500; round++)
        {
            foreach (var log in logs)
            {
                host.Append(log, Append((round * 10) + 1, 10));
                Compact(host, log.Bucket, log, (round * 10) + 8);
            }

            Assert.True(disk.UsedBytes < MaxBytes, $"round {round}: {disk.UsedBytes} bytes");
        }

        var statistics = host.Storage.Statistics;
        Assert.True(statistics.BytesWritten > 15 * MaxBytes, $"{statistics}");
        Assert.True(statistics.BytesCopiedForward < statistics.BytesWritten / 20, $"{statistics}");
        AssertIdleBucketIsWhole(host);
        disk.Crash(CrashLoss.Random);
        AssertIdleBucketIsWhole(StorageHost.Open(disk, options));
    }

    [Fact, Trait("Category", "Durability")]
    public void Log_IsSmall_WhenItWasOpenedAndClosedManyTimes()
    {
        var disk = new MemoryDisk(seed: 1);
        for (var i = 1UL; i <= 60; i++)
        {
            var host = StorageHost.Open(disk);
            host.Append(host.OpenReplica(new BucketId(1)).Log, Append(i, 1));
            host.Close();
        }

        Assert.InRange(disk.Files().Count(file => file.Path.EndsWith(".wal", StringComparison.Ordinal)), 1, 16);
        Assert.Equal(60, StorageHost.Open(disk).OpenReplica(new BucketId(1)).State.Entries.Count);
    }

    [Fact, Trait("Category", "Durability")]
    public void Log_KeepsItsEntries_WhenOneBucketHoldsFarMoreThanABatchCopies()
    {
        var disk = new MemoryDisk(seed: 1);
        var host = StorageHost.Open(disk);
        var big = host.OpenReplica(new BucketId(1)).Log;
        for (var i = 0UL; i < 200; i++)
        {
            host.Append(big, Append((i * 5) + 1, 5));
        }

        var hot = host.OpenReplica(new BucketId(2)).Log;
        for (var round = 0UL; round < 800; round++)
        {
            host.Append(hot, Append((round * 10) + 1, 10));
            Compact(host, hot.Bucket, hot, (round * 10) + 10);
        }

        Assert.True(host.Storage.Statistics.BytesCopiedForward > 100_000);
        Assert.True(disk.UsedBytes < 4 * host.Storage.Statistics.LiveBytes, $"{disk.UsedBytes} for {host.Storage.Statistics}");
        disk.Crash(CrashLoss.All);
        var entries = StorageHost.Open(disk).OpenReplica(new BucketId(1)).State.Entries;
        Assert.Equal(1000, entries.Count);
        Assert.All(entries, entry => Assert.Equal(Data(entry.Index.Value), entry.Data.ToArray()));
    }

    [Theory, Trait("Category", "Unit")]
    [InlineData(100, 1, 2, false)]
    [InlineData(8192, 1, 2, false)]
    [InlineData(8193, 1, 2, true)]
    [InlineData(20_000, 10_000, 5, false)]
    [InlineData(20_001, 10_000, 5, true)]
    [InlineData(100, 1, 6, false)]
    [InlineData(100, 1, 7, true)]
    public void Policy_AsksForCopying_WhenTheLogIsPastItsBound(long logBytes, long liveBytes, int segments, bool expected) =>
        Assert.Equal(expected, CleaningPolicy.ShouldClean(StorageHost.SmallOptions, logBytes, liveBytes, segments));

    private static void AssertIdleBucketIsWhole(StorageHost host)
    {
        var state = host.OpenReplica(new BucketId(99)).State;
        Assert.Equal(new HardState(new Term(3), ReplicaId.Create(1, 1), new LogIndex(3)), state.HardState);
        Assert.Equal(new DueTime(77), state.DueTime);
        Assert.Equal([1UL, 2UL, 3UL], state.Entries.Select(entry => entry.Index.Value));
        Assert.All(state.Entries, entry => Assert.Equal(Data(entry.Index.Value), entry.Data.ToArray()));
    }

    private static void Compact(StorageHost host, BucketId bucket, IReplicaLog log, ulong index)
    {
        var metadata = new SnapshotMetadata(new LogIndex(index), new Term(1), Config);
        host.TakeSnapshot(bucket, new Revision(index), metadata, new byte[100]);
        host.Append(log, new LogAppend { CompactedTo = metadata.LastEntry });
    }

    private static LogAppend Append(ulong first, int count) => new()
    {
        Entries = Enumerable.Range(0, count)
            .Select(i => new Entry(new Term(1), new LogIndex(first + (ulong)i), EntryType.Normal, Data(first + (ulong)i)))
            .ToArray(),
    };

    private static byte[] Data(ulong index) => new Prng(index).NextBytes(100);
}
