using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Durability;

/// <summary>Invariant 8: a failed write or sync is never retried.</summary>
public sealed class PoisonTests
{
    private static readonly BucketId First = new(1);
    private static readonly BucketId Second = new(2);

    [Theory, Trait("Category", "Durability")]
    [InlineData(DiskOperationKind.Write)]
    [InlineData(DiskOperationKind.Sync)]
    public void Log_FailsEveryPendingAndLaterAppend_WhenAnOperationFails(DiskOperationKind kind)
    {
        var disk = new MemoryDisk(seed: 3);
        var host = StorageHost.Open(disk);
        var first = host.OpenReplica(First).Log;
        var second = host.OpenReplica(Second).Log;
        var failures = 0;
        disk.Fails = operation => operation.Kind == kind && failures++ == 0;

        Assert.Equal(AppendStatus.Queued, first.TryAppend(Vote(1), token: 1));
        Assert.Equal(AppendStatus.Queued, second.TryAppend(Vote(1), token: 2));
        host.Pump.RunAll();

        Assert.Equal(AppendStatus.Failed, host.Append(first, Vote(2), token: 3));
        Assert.Equal(AppendStatus.Failed, host.Append(second, Vote(2), token: 4));
        Assert.Equal([1UL, 2UL], host.Recorder.Completions.Select(completion => completion.Token));
        var reason = Assert.Single(host.Recorder.Failures);
        Assert.Equal(ErrorCode.StorageFailed, reason.Code);
        Assert.False(reason.IsTransient);
        Assert.All(host.Recorder.Completions, completion => Assert.Same(reason, completion.Failure));
        Assert.Same(reason, host.Storage.Failure);
        Assert.Same(reason, Assert.Throws<StoreException>(() => host.OpenReplica(First)));
        Assert.Equal(1, failures);
    }

    [Fact, Trait("Category", "Durability")]
    public void Log_FailsToo_WhenTheSyncOfASnapshotFails()
    {
        var disk = new MemoryDisk(seed: 3);
        var host = StorageHost.Open(disk);
        var log = host.OpenReplica(First).Log;
        disk.Fails = operation => operation.Kind == DiskOperationKind.Sync && operation.Path.Contains(".snap", StringComparison.Ordinal);

        var exception = Assert.Throws<StoreException>(() => host.TakeSnapshot(First, new Revision(1), Snapshot(5), new byte[10]));
        host.Pump.RunAll();

        Assert.Equal(ErrorCode.StorageFailed, exception.Code);
        Assert.Equal(AppendStatus.Failed, host.Append(log, Vote(1)));
        Assert.Same(exception, Assert.Single(host.Recorder.Failures));
    }

    [Fact, Trait("Category", "Durability")]
    public void Log_GoesOn_WhenTheWriteOfASnapshotFails()
    {
        var disk = new MemoryDisk(seed: 3);
        var host = StorageHost.Open(disk);
        var log = host.OpenReplica(First).Log;
        disk.Fails = operation => operation.Kind == DiskOperationKind.Write && operation.Path.Contains(".snap", StringComparison.Ordinal);

        var exception = Assert.Throws<StoreException>(() => host.TakeSnapshot(First, new Revision(1), Snapshot(5), new byte[10]));

        Assert.True(exception.IsTransient);
        Assert.Equal(AppendStatus.Queued, host.Append(log, Vote(1)));
        Assert.Null(Assert.Single(host.Recorder.Completions).Failure);
        Assert.DoesNotContain(disk.Files(), file => file.Path.Contains(".snap", StringComparison.Ordinal));
    }

    // The page cache lies after a failed sync: the process that restarts reads bytes that are not on disk, and syncing again does nothing.
    [Fact, Trait("Category", "Durability")]
    public void Recovery_MakesDurableWhatItRead_WhenTheSyncBeforeHadFailed()
    {
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var disk = new MemoryDisk(seed);
            var host = StorageHost.Open(disk);
            var log = host.OpenReplica(First).Log;
            disk.Fails = operation => operation.Kind == DiskOperationKind.Sync;
            host.Append(log, Vote(7));
            disk.Fails = null;
            disk.KillProcess();

            var found = StorageHost.Open(disk).OpenReplica(First).State.HardState;
            Assert.Equal(new Term(7), found.Term);
            disk.Crash(CrashLoss.All);

            Assert.Equal(found, StorageHost.Open(disk).OpenReplica(First).State.HardState);
        }
    }

    private static LogAppend Vote(ulong term) => new() { HardState = new HardState(new Term(term), ReplicaId.Create(1, 1), LogIndex.None) };

    private static SnapshotMetadata Snapshot(ulong index) => new(new LogIndex(index), new Term(1), GroupConfig.Create([ReplicaId.Create(1, 1)]));
}
