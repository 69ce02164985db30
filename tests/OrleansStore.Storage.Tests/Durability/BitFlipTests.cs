using System.Text;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Storage.Log;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Durability;

/// <summary>Invariant 12: any single flipped bit is detected and named, never served.</summary>
public sealed class BitFlipTests
{
    private static readonly StorageOptions Options = new()
    {
        SegmentBytes = 4096,
        MaxBatchBytes = 4096,
        ZeroAheadBytes = 64,
        MinRetainedBytes = 8192,
        CopyBudgetBytes = 4096,
        MinReserveBytes = 0,
    };

    [Fact, Trait("Category", "Durability")]
    public void Folder_NamesFileAndOffset_WhenAnyBitIsFlippedAfterACleanClose() => FlipEveryBit(Build(isClosed: true, isSealed: true));

    // The last batch was acknowledged, and nothing was written after it that could vouch for it.
    [Fact, Trait("Category", "Durability")]
    public void Folder_NamesFileAndOffset_WhenAnyBitIsFlippedAfterTheProcessWasKilled() => FlipEveryBit(Build(isClosed: false, isSealed: false));

    [Fact, Trait("Category", "Durability")]
    public void Log_ReportsDamage_WhenManyBitsOfTheLastBatchAreGoneButItWasSealed()
    {
        var disk = Build(isClosed: false, isSealed: true);
        var (path, bytes) = disk.Files().Last(file => file.Path.EndsWith(".wal", StringComparison.Ordinal));
        var content = disk.Content(path);

        // The seal is an empty batch of 72 bytes; what stands before it is the end of the last batch with records.
        var end = content.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        content.AsSpan(end - 72 - 60, 40).Clear();
        disk.Put(path, content);

        var exception = Assert.Throws<CorruptionException>(() => StorageHost.Open(disk, Options));

        Assert.Equal(path, exception.File);
        Assert.InRange(exception.Offset, 256, bytes);
        Assert.Contains("durable before batch", exception.Expected, StringComparison.Ordinal);
    }

    [Fact, Trait("Category", "Durability")]
    public void Log_ReportsDamage_WhenTheLastBatchOfACleanlyClosedLogIsCutOff()
    {
        var disk = Build(isClosed: true, isSealed: true);
        var (path, bytes) = disk.Files().Where(file => file.Path.EndsWith(".wal", StringComparison.Ordinal)).SkipLast(1).Last();
        disk.Put(path, disk.Content(path).AsSpan(0, (int)bytes - 100));

        var exception = Assert.Throws<CorruptionException>(() => StorageHost.Open(disk, Options));

        Assert.Equal(path, exception.File);
    }

    [Theory, Trait("Category", "Durability")]
    [InlineData(0)]
    [InlineData(1)]
    public void Log_ReportsDamage_WhenASegmentIsMissing(int position)
    {
        var disk = Build(isClosed: true, isSealed: true, batches: 60);
        var segments = disk.Files().Where(file => file.Path.EndsWith(".wal", StringComparison.Ordinal)).ToArray();
        Assert.True(segments.Length > 2);
        new PumpScheduler().Run(() => disk.DeleteAsync(segments[position].Path));

        var exception = Assert.Throws<CorruptionException>(() => StorageHost.Open(disk, Options));

        Assert.Equal(segments[position].Path, exception.File);
    }

    [Theory, Trait("Category", "Durability")]
    [InlineData("wal")]
    [InlineData("snapshots")]
    [InlineData("store.json")]
    public void Folder_ReportsDamage_WhenAPartOfItIsMissing(string part)
    {
        var disk = Build(isClosed: true, isSealed: true);
        foreach (var (path, _) in disk.Files().Where(file => file.Path.StartsWith($"{StorageHost.FolderPath}/{part}", StringComparison.Ordinal)))
        {
            new PumpScheduler().Run(() => disk.DeleteAsync(path));
        }

        var exception = Assert.Throws<CorruptionException>(() => StorageHost.Open(disk, Options));

        Assert.StartsWith($"{StorageHost.FolderPath}/{part}", exception.File, StringComparison.Ordinal);
    }

    private static MemoryDisk Build(bool isClosed, bool isSealed, int batches = 3)
    {
        var disk = new MemoryDisk(seed: 9);
        var host = StorageHost.Open(disk, Options);
        var bucket = new BucketId(1);
        var log = host.OpenReplica(bucket).Log;
        for (var i = 1UL; i <= (ulong)batches; i++)
        {
            var entry = new Entry(new Term(1), new LogIndex(i), EntryType.Normal, new Prng(i).NextBytes(100));
            host.Append(log, new LogAppend { HardState = new HardState(new Term(1), ReplicaId.Create(1, 1), new LogIndex(i)), Entries = new[] { entry } });
        }

        var metadata = new SnapshotMetadata(new LogIndex(1), new Term(1), GroupConfig.Create([ReplicaId.Create(1, 1)]));
        host.TakeSnapshot(bucket, new Revision(1), metadata, new Prng(1).NextBytes(200));
        host.Append(log, new LogAppend { CompactedTo = metadata.LastEntry, DueTime = new DueTime(5) });
        if (isSealed)
        {
            host.Idle();
        }

        if (isClosed)
        {
            host.Close();
        }

        return disk.Clone();
    }

    private static void FlipEveryBit(MemoryDisk pristine)
    {
        var (content, torn) = ReadAll(pristine.Clone());
        Assert.Null(torn);
        foreach (var (path, bytes) in pristine.Files().Where(file => !file.Path.Contains("LOCK", StringComparison.Ordinal)))
        {
            for (var bit = 0L; bit < bytes * 8; bit++)
            {
                var disk = pristine.Clone();
                disk.FlipBit(path, bit);
                AssertDetected(disk, path, bit, content);
            }
        }
    }

    private static void AssertDetected(MemoryDisk disk, string path, long bit, string content)
    {
        try
        {
            // In the empty space behind the last batch of a log that was not closed nothing can be lost: it is reported and cut.
            var (found, torn) = ReadAll(disk);
            Assert.True(torn is not null && torn.File == path && torn.Offset <= bit / 8, $"bit {bit} of {path}: neither damage nor a cut, but {torn}");
            Assert.Equal(content, found);
        }
        catch (CorruptionException damage)
        {
            Assert.True(damage.File == path && damage.Offset <= bit / 8, $"bit {bit} of {path}: {damage.Message}");
        }
    }

    private static (string Content, TornTail? Torn) ReadAll(MemoryDisk disk)
    {
        var host = StorageHost.Open(disk, Options);
        var content = new StringBuilder();
        foreach (var bucket in host.Storage.ListBuckets())
        {
            var state = host.OpenReplica(bucket.Bucket).State;
            content.AppendLine(BucketModel.Describe(state));
            content.AppendJoin(' ', state.Entries.Select(entry => Convert.ToHexString(entry.Data.Span)));
            content.AppendLine(state.Snapshot is { } snapshot ? Convert.ToHexString(host.ReadSnapshot(snapshot)) : "no snapshot");
        }

        return (content.ToString(), host.Storage.TornTail);
    }
}
