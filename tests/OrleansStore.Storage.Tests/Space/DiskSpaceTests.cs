using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Storage.Files;
using OrleansStore.Storage.Space;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Space;

/// <summary>Invariant 8: out of space is foreseen, not met.</summary>
public sealed class DiskSpaceTests
{
    private const long MiB = 1 << 20;

    [Fact, Trait("Category", "Unit")]
    public void Monitor_ChangesWithHysteresis_WhenRoomShrinksAndGrows()
    {
        // 5 % of 10,000 MiB are 500 MiB; a quarter of that is critical; each is left an eighth above.
        var monitor = new DiskSpaceMonitor(5, 256 * MiB);
        DiskSpaceState Update(long mebibytes) => monitor.Update(new DiskSpace(mebibytes * MiB, 10_000 * MiB));

        Assert.Equal(DiskSpaceState.Ample, Update(500));
        Assert.Equal(DiskSpaceState.Low, Update(499));
        Assert.Equal(DiskSpaceState.Low, Update(560));
        Assert.Equal(DiskSpaceState.Critical, Update(124));
        Assert.Equal(DiskSpaceState.Critical, Update(139));
        Assert.Equal(DiskSpaceState.Low, Update(141));
        Assert.Equal(DiskSpaceState.Ample, Update(563));
    }

    [Fact, Trait("Category", "Unit")]
    public void Monitor_ReservesTheMinimum_WhenTheVolumeIsSmall()
    {
        Assert.Equal(256 * MiB, new DiskSpaceMonitor(5, 256 * MiB).ReserveBytes(1000 * MiB));
        Assert.Equal(DiskSpaceState.Critical, new DiskSpaceMonitor(5, 256 * MiB).Update(new DiskSpace(0, 100 * MiB)));
    }

    [Fact, Trait("Category", "Durability")]
    public void Log_RefusesEntriesOnlyAndHeals_WhenTheDiskIsNearlyFull()
    {
        var disk = new MemoryDisk(seed: 1) { CapacityBytes = 1 * MiB };
        var options = new StorageOptions
        {
            SegmentBytes = 4096,
            MinRetainedBytes = 8192,
            ZeroAheadBytes = 0,
            ReservePercent = 0,
            MinReserveBytes = 400_000,
            MaxBatchBytes = 32 << 10,
            CopyBudgetBytes = 4096,
        };
        var host = StorageHost.Open(disk, options);
        var bucket = new BucketId(1);
        var log = host.OpenReplica(bucket).Log;
        Assert.Equal(DiskSpaceState.Ample, host.Storage.Space);

        var seen = new List<DiskSpaceState>();
        var last = 0UL;
        while (host.Append(log, Entry(last + 1)) == AppendStatus.Queued)
        {
            last++;
            host.Time.Advance(TimeSpan.FromSeconds(2));
            host.Pump.RunAll();
            seen.Add(host.Storage.Space);
        }

        Assert.Equal([DiskSpaceState.Ample, DiskSpaceState.Low, DiskSpaceState.Critical], seen.Append(host.Storage.Space).Distinct());
        Assert.Equal(AppendStatus.DiskFull, log.TryAppend(Entry(last + 1), 0));
        Assert.Equal(AppendStatus.Queued, host.Append(log, new LogAppend { HardState = new HardState(new Term(1), ReplicaId.None, new LogIndex(last)) }));
        Assert.Null(host.Storage.Failure);

        var metadata = new SnapshotMetadata(new LogIndex(last), new Term(1), GroupConfig.Create([ReplicaId.Create(1, 1)]));
        host.TakeSnapshot(bucket, new Revision(last), metadata, new byte[100]);
        Assert.Equal(AppendStatus.Queued, host.Append(log, new LogAppend { CompactedTo = metadata.LastEntry }));
        Assert.Equal(DiskSpaceState.Ample, host.Pump.Run(host.Storage.CheckSpaceAsync));
        Assert.Equal(AppendStatus.Queued, host.Append(log, Entry(last + 1)));
        Assert.True(disk.UsedBytes < 100_000, $"{disk.UsedBytes} bytes");
    }

    // Somebody else takes the rest of the room at once, before the reserve is seen to be gone.
    [Theory, Trait("Category", "Durability")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Log_WaitsForRoomAndLosesNothing_WhenTheDiskIsFullToTheLastByte(ulong before)
    {
        var disk = new MemoryDisk(seed: 1);
        var host = StorageHost.Open(disk, StorageHost.SmallOptions);
        var bucket = new BucketId(1);
        var log = host.OpenReplica(bucket).Log;
        for (var index = 1UL; index <= before; index++)
        {
            host.Append(log, Entry(index), index);
        }

        disk.CapacityBytes = disk.UsedBytes;
        Assert.Equal(AppendStatus.Queued, host.Append(log, Entry(before + 1), before + 1));
        host.Time.Advance(TimeSpan.FromSeconds(5));
        host.Pump.RunAll();
        Assert.Equal(before, (ulong)host.Recorder.Completions.Count);
        Assert.Contains("full", host.Storage.Impediment, StringComparison.Ordinal);
        Assert.Null(host.Storage.Failure);

        disk.CapacityBytes = 1 << 20;
        host.Time.Advance(TimeSpan.FromSeconds(1));
        host.Pump.RunAll();
        Assert.Equal(before + 1, host.Recorder.Completions[^1].Token);
        Assert.Null(host.Storage.Impediment);

        disk.Crash(CrashLoss.All);
        Assert.Equal(new LogIndex(before + 1), StorageHost.Open(disk, StorageHost.SmallOptions).OpenReplica(bucket).State.Entries[^1].Index);
    }

    [Fact, Trait("Category", "Durability")]
    public void Log_Ends_WhenItIsClosedWhileItWaitsForRoom()
    {
        var disk = new MemoryDisk(seed: 1);
        var host = StorageHost.Open(disk, StorageHost.SmallOptions);
        var log = host.OpenReplica(new BucketId(1)).Log;
        disk.CapacityBytes = disk.UsedBytes;
        host.Append(log, Entry(1), token: 7);

        var closing = host.Storage.DisposeAsync().AsTask();
        host.Time.Advance(TimeSpan.FromSeconds(1));

        // The end of the wait comes by way of the thread pool.
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                host.Pump.RunAll();
                return closing.IsCompleted;
            },
            TimeSpan.FromSeconds(30)));
        Assert.True(closing.IsCompletedSuccessfully);
        Assert.NotNull(host.Recorder.Completions.Single().Failure);
    }

    [Fact, Trait("Category", "Unit")]
    public async Task LocalFile_TellsAFullDiskFromOneThatFailed()
    {
        // A device that is always full.
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var file = await new LocalFileSystem().OpenAsync("/dev/full", FileOpenMode.ReadWrite);
        await Assert.ThrowsAsync<DiskFullException>(async () => await file.WriteAsync(0, new byte[1]));
    }

    private static LogAppend Entry(ulong index) => new()
    {
        Entries = new[] { new Entry(new Term(1), new LogIndex(index), EntryType.Normal, new byte[3000]) },
    };
}
