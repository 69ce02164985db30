using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Storage.Testing;
using OrleansStore.Storage.Tests.Durability;

namespace OrleansStore.Storage.Tests.Snapshots;

public sealed class SnapshotTests
{
    private const string SnapshotFolder = StorageHost.FolderPath + "/snapshots/1";
    private static readonly BucketId Bucket = new(1);
    private static readonly GroupConfig Config = GroupConfig.Create([ReplicaId.Create(1, 1), ReplicaId.Create(2, 9)]);

    [Theory, Trait("Category", "Unit")]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(300_000)]
    public void Snapshot_GivesBackItsContent_WhenItHasAnySize(int bytes)
    {
        var host = StorageHost.Open(new MemoryDisk(seed: 1));
        var content = new Prng(1).NextBytes(bytes);

        var descriptor = host.TakeSnapshot(Bucket, new Revision(4), At(9), content);

        Assert.Equal(descriptor, host.Storage.Snapshots.Newest(Bucket));
        Assert.Equal(At(9), descriptor.Metadata);
        Assert.Equal(content, host.ReadSnapshot(descriptor));
    }

    [Fact, Trait("Category", "Unit")]
    public void Snapshot_StaysReadable_WhenANewerOneReplacesItMeanwhile()
    {
        var host = StorageHost.Open(new MemoryDisk(seed: 1));
        var old = host.TakeSnapshot(Bucket, new Revision(1), At(1), new byte[] { 1 });
        var reader = host.Pump.Run(() => host.Storage.Snapshots.OpenAsync(old, CancellationToken.None));
        var current = host.TakeSnapshot(Bucket, new Revision(2), At(2), new byte[] { 2 });
        var buffer = new byte[StorageOptions.SnapshotBlockBytes];

        Assert.Equal([current], host.Storage.Snapshots.List(Bucket));
        Assert.Equal(1, host.Pump.Run(() => reader.ReadAsync(buffer, CancellationToken.None)));
        Assert.Equal(1, buffer[0]);
        Assert.Equal(0, host.Pump.Run(() => reader.ReadAsync(buffer, CancellationToken.None)));
        var exception = Assert.Throws<StoreException>(() => host.ReadSnapshot(old));
        Assert.Equal(ErrorCode.NotFound, exception.Code);
    }

    [Fact, Trait("Category", "Unit")]
    public void Store_KeepsTheNewer_WhenAnOlderSnapshotIsCommittedLater()
    {
        var host = StorageHost.Open(new MemoryDisk(seed: 1));
        var newer = host.TakeSnapshot(Bucket, new Revision(1), At(20), new byte[] { 2 });

        // The same revision, hence the same name.
        Assert.Equal(newer, host.TakeSnapshot(Bucket, new Revision(1), At(10), new byte[] { 1 }));
        Assert.Equal([2], host.ReadSnapshot(newer));
        Assert.Single(host.Disk.Files(), file => file.Path.StartsWith(SnapshotFolder, StringComparison.Ordinal));
    }

    [Fact, Trait("Category", "Durability")]
    public void Store_RemovesWhatIsLeft_WhenAProcessDiedWhileWriting()
    {
        var disk = new MemoryDisk(seed: 1);
        var host = StorageHost.Open(disk);
        host.Append(host.OpenReplica(Bucket).Log, new LogAppend { HardState = new HardState(new Term(1), ReplicaId.None, LogIndex.None) });
        var kept = host.TakeSnapshot(Bucket, new Revision(1), At(1), new byte[10]);
        var writer = host.Pump.Run(() => host.Storage.Snapshots.CreateAsync(Bucket, new Revision(2), At(2), CancellationToken.None));
        host.Pump.Run(() => writer.WriteAsync(new byte[70_000], CancellationToken.None));
        disk.KillProcess();
        Assert.Equal(2, disk.Files().Count(file => file.Path.StartsWith(SnapshotFolder, StringComparison.Ordinal)));

        var next = StorageHost.Open(disk);

        Assert.Equal([kept], next.Storage.Snapshots.List(Bucket));
        Assert.Single(disk.Files(), file => file.Path.StartsWith(SnapshotFolder, StringComparison.Ordinal));
    }

    [Theory, Trait("Category", "Durability")]
    [InlineData(true)]
    [InlineData(false)]
    public void Reception_Resumes_WhenItsConnectionOrItsProcessEnds(bool processEnds)
    {
        var content = new Prng(3).NextBytes(200_000);
        var (descriptor, bytes) = StoredSnapshots.Encode(Bucket, new Revision(5), At(5), content);
        var disk = new MemoryDisk(seed: 1);
        var host = Prepared(disk);
        var receiver = host.Pump.Run(() => host.Storage.Snapshots.ReceiveAsync(descriptor, CancellationToken.None));
        Assert.Equal(0, receiver.NextOffset);
        for (var offset = 0; offset < 150_000; offset += 50_000)
        {
            Assert.True(host.Pump.Run(() => receiver.TryWriteAsync(offset, bytes.AsMemory(offset, 50_000), CancellationToken.None)));
        }

        Assert.False(host.Pump.Run(() => receiver.TryWriteAsync(50_000, bytes.AsMemory(50_000, 50_000), CancellationToken.None)));
        if (processEnds)
        {
            disk.KillProcess();
            host = StorageHost.Open(disk);
        }

        receiver = host.Pump.Run(() => host.Storage.Snapshots.ReceiveAsync(descriptor, CancellationToken.None));
        Assert.InRange(receiver.NextOffset, 130_000, 150_000);
        Assert.Null(host.Storage.Snapshots.Newest(Bucket));

        Assert.Equal(descriptor, host.Pump.Run(() => StoredSnapshots.SendAsync(host.Storage.Snapshots, (descriptor, bytes), 60_000)));
        Assert.Equal(content, host.ReadSnapshot(descriptor));
        Assert.DoesNotContain(disk.Files(), file => file.Path.EndsWith(".part", StringComparison.Ordinal));
    }

    [Fact, Trait("Category", "Durability")]
    public void Reception_StartsAgain_WhenWhatArrivedIsNotWhatWasAnnounced()
    {
        var (descriptor, bytes) = StoredSnapshots.Encode(Bucket, new Revision(5), At(5), new Prng(3).NextBytes(1000));
        var host = Prepared(new MemoryDisk(seed: 1));
        var damaged = bytes.ToArray();
        damaged[500] ^= 4;

        Assert.Throws<CorruptionException>(() => host.Pump.Run(() => StoredSnapshots.SendAsync(host.Storage.Snapshots, (descriptor, damaged), 300)));

        Assert.Null(host.Storage.Snapshots.Newest(Bucket));
        Assert.Equal(0, host.Pump.Run(() => host.Storage.Snapshots.ReceiveAsync(descriptor, CancellationToken.None)).NextOffset);
        Assert.Equal(descriptor, host.Pump.Run(() => StoredSnapshots.SendAsync(host.Storage.Snapshots, (descriptor, bytes), 300)));
    }

    [Fact, Trait("Category", "Durability")]
    public void Reception_IsRefused_WhenTheSnapshotIsAnotherBucketsOrTermsOne()
    {
        var (descriptor, bytes) = StoredSnapshots.Encode(Bucket, new Revision(5), At(5), new byte[100]);
        var host = Prepared(new MemoryDisk(seed: 1));
        foreach (var announced in new[]
        {
            descriptor with { Bucket = new BucketId(2) },
            descriptor with { Revision = new Revision(6) },
            descriptor with { Metadata = descriptor.Metadata with { Term = new Term(99) } },
        })
        {
            Assert.Throws<CorruptionException>(() => host.Pump.Run(() => StoredSnapshots.SendAsync(host.Storage.Snapshots, (announced, bytes), 1000)));
        }
    }

    [Fact, Trait("Category", "Durability")]
    public void Removal_IsCompleted_WhenACrashCutItShort()
    {
        var disk = new MemoryDisk(seed: 1);
        var host = Prepared(disk);
        host.TakeSnapshot(Bucket, new Revision(1), At(1), new byte[10]);
        host.Append(host.OpenReplica(Bucket).Log, new LogAppend { RemovesBucket = true });
        disk.Crash(CrashLoss.All);

        var state = StorageHost.Open(disk).OpenReplica(Bucket).State;

        Assert.Null(state.Snapshot);
        Assert.Equal(HardState.Empty, state.HardState);
        Assert.DoesNotContain(disk.Files(), file => file.Path.StartsWith(SnapshotFolder, StringComparison.Ordinal));
    }

    private static StorageHost Prepared(MemoryDisk disk)
    {
        var host = StorageHost.Open(disk);
        host.Append(host.OpenReplica(Bucket).Log, new LogAppend { HardState = new HardState(new Term(1), ReplicaId.None, LogIndex.None) });
        return host;
    }

    private static SnapshotMetadata At(ulong index) => new(new LogIndex(index), new Term(2), Config);
}
