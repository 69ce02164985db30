using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Storage.Checksums;
using OrleansStore.Storage.Folders;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Folders;

public sealed class DataFolderTests
{
    [Fact, Trait("Category", "Unit")]
    public void Folder_HasNoIdentity_WhenItIsNew()
    {
        var disk = new MemoryDisk(seed: 1);
        new PumpScheduler().Run(async () =>
        {
            var folder = await DataFolder.OpenAsync(disk, StorageHost.FolderPath);
            Assert.Null(folder.Identity);
            await folder.InitializeAsync(StorageHost.Identity);
            await folder.DisposeAsync();
            folder = await DataFolder.OpenAsync(disk, StorageHost.FolderPath);
            Assert.Equal(StorageHost.Identity, folder.Identity);
        });
    }

    [Fact, Trait("Category", "Unit")]
    public void Folder_IsRefused_WhenSomebodyHoldsIt()
    {
        var disk = new MemoryDisk(seed: 1);
        var host = StorageHost.Open(disk);

        var exception = Assert.Throws<StoreException>(() => StorageHost.Open(disk));

        Assert.Equal(ErrorCode.DataFolderInUse, exception.Code);
        host.Close();
        StorageHost.Open(disk);
    }

    [Theory, Trait("Category", "Unit")]
    [InlineData("store id", "ffffffffffffffffffffffffffffffff", 1UL, "dc1")]
    [InlineData("incarnation", "00112233445566778899aabbccddeeff", 2UL, "dc1")]
    [InlineData("datacenter", "00112233445566778899aabbccddeeff", 1UL, "dc2")]
    public void Log_IsRefusedWithBothValues_WhenItBelongsToSomebodyElse(string field, string storeId, ulong incarnation, string datacenter)
    {
        Assert.True(StoreId.TryParse(storeId, out var id));
        var other = new MemoryDisk(seed: 1);
        StorageHost.Open(other, identity: new StoreIdentity(id, incarnation, datacenter)).Close();
        var disk = new MemoryDisk(seed: 2);
        StorageHost.Open(disk).Close();
        const string Segment = StorageHost.FolderPath + "/wal/00000001.wal";
        disk.Put(Segment, other.Content(Segment));

        var exception = Assert.Throws<StoreException>(() => StorageHost.Open(disk));

        Assert.Equal(ErrorCode.IdentityMismatch, exception.Code);
        Assert.Contains(field, exception.Message, StringComparison.Ordinal);
        var (wrong, right) = field switch
        {
            "store id" => (storeId, "00112233445566778899aabbccddeeff"),
            "incarnation" => ("2", "1"),
            _ => ("dc2", "dc1"),
        };
        Assert.Contains($"{field} {wrong}", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"{field} {right}", exception.Message, StringComparison.Ordinal);
    }

    [Theory, Trait("Category", "Unit")]
    [InlineData(StorageHost.FolderPath + "/wal/00000001.wal", 252)]
    [InlineData(StorageHost.FolderPath + "/snapshots/1/00000000000000000001.snap", 92)]
    public void File_IsRefusedAsUnsupported_WhenItsFormatIsNewer(string path, int checksumOffset)
    {
        var disk = new MemoryDisk(seed: 1);
        var host = StorageHost.Open(disk);
        host.Append(host.OpenReplica(new BucketId(1)).Log, new LogAppend { HardState = new HardState(new Term(1), ReplicaId.None, LogIndex.None) });
        var metadata = new SnapshotMetadata(new LogIndex(1), new Term(1), GroupConfig.Create([ReplicaId.Create(1, 1)]));
        host.TakeSnapshot(new BucketId(1), new Revision(1), metadata, new byte[5]);
        host.Close();
        var content = disk.Content(path);
        content[8] = 2;
        BitConverter.TryWriteBytes(content.AsSpan(checksumOffset), Crc32C.Compute(content.AsSpan(0, checksumOffset)));
        disk.Put(path, content);

        var exception = Assert.Throws<StoreException>(() => StorageHost.Open(disk));

        Assert.Equal(ErrorCode.UnsupportedFormat, exception.Code);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Unit")]
    public void Options_NameEveryMistake_WhenSeveralAreWrong()
    {
        var options = new StorageOptions { SegmentBytes = 1, MaxRetainedFactor = 1, ReservePercent = 90 };

        var exception = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Contains("SegmentBytes is 1;", exception.Message, StringComparison.Ordinal);
        Assert.Contains("MaxRetainedFactor is 1;", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ReservePercent is 90;", exception.Message, StringComparison.Ordinal);
        new StorageOptions().Validate();
        StorageHost.SmallOptions.Validate();
    }
}
