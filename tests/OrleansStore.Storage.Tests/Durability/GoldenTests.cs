using System.Text;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Storage.Tests.Durability;

/// <summary>Invariant 13: the files of format version 1, byte by byte. These bytes never change; a new format gets a golden folder of its own.</summary>
public sealed class GoldenTests
{
    private const string Golden = "format-1.txt";
    private static readonly BucketId Plain = new(3);
    private static readonly BucketId Split = new(7, SplitGeneration: 1);

    [Fact, Trait("Category", "Durability")]
    public void Storage_WritesTheGoldenBytes_WhenGivenTheSameInput() => Assert.Equal(ReadGolden(), Dump(Write()));

    [Fact, Trait("Category", "Durability")]
    public void Storage_ReadsTheGoldenFolder_WhenItIsOpened()
    {
        var disk = new MemoryDisk(seed: 1);
        foreach (var line in ReadGolden().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            disk.Put(parts[0], Convert.FromBase64String(parts[1]));
        }

        var host = StorageHost.Open(disk);

        Assert.Equal([Plain, Split], host.Storage.ListBuckets().Select(bucket => bucket.Bucket));
        var plain = host.OpenReplica(Plain).State;
        Assert.Equal(new HardState(new Term(2), ReplicaId.Create(2, 1), new LogIndex(3)), plain.HardState);
        Assert.Equal(new EntryId(new Term(1), new LogIndex(1)), plain.CompactedTo);
        Assert.Equal([(1UL, 2UL), (2UL, 3UL)], plain.Entries.Select(entry => (entry.Term.Value, entry.Index.Value)));
        Assert.Equal("overwritten", Encoding.ASCII.GetString(plain.Entries[1].Data.Span));
        Assert.Equal("the state at 1", Encoding.ASCII.GetString(host.ReadSnapshot(plain.Snapshot!)));
        Assert.Equal(Config(), plain.Snapshot!.Metadata.Config);
        var split = host.OpenReplica(Split).State;
        Assert.Equal(new EntryId(new Term(4), new LogIndex(9)), split.CompactedTo);
        Assert.Equal(new DueTime(638_000_000_000_000_000), split.DueTime);
    }

    private static MemoryDisk Write()
    {
        var disk = new MemoryDisk(seed: 1);
        var host = StorageHost.Open(disk);
        var plain = host.OpenReplica(Plain).Log;
        host.Append(plain, new LogAppend
        {
            HardState = new HardState(new Term(1), ReplicaId.Create(1, 1), LogIndex.None),
            Entries = new[] { Entry(1, 1, ""), Entry(1, 2, "second"), Entry(1, 3, "third") },
        });
        host.TakeSnapshot(Plain, new Revision(1), new SnapshotMetadata(new LogIndex(1), new Term(1), Config()), Encoding.ASCII.GetBytes("the state at 1"));
        host.Append(plain, new LogAppend { CompactedTo = new EntryId(new Term(1), new LogIndex(1)) });
        host.Append(plain, new LogAppend
        {
            HardState = new HardState(new Term(2), ReplicaId.Create(2, 1), new LogIndex(3)),
            Entries = new[] { Entry(2, 3, "overwritten") },
        });

        var split = host.OpenReplica(Split).Log;
        var metadata = new SnapshotMetadata(new LogIndex(9), new Term(4), Config());
        host.TakeSnapshot(Split, new Revision(8), metadata, Encoding.ASCII.GetBytes("the state at 9"));
        host.Append(split, new LogAppend { InstalledSnapshot = metadata.LastEntry, DueTime = new DueTime(638_000_000_000_000_000) });
        host.Append(host.OpenReplica(new BucketId(5)).Log, new LogAppend { HardState = new HardState(new Term(1), ReplicaId.None, LogIndex.None) });
        host.Append(host.OpenReplica(new BucketId(5)).Log, new LogAppend { RemovesBucket = true });
        host.Idle();
        host.Close();
        return disk;
    }

    private static Entry Entry(ulong term, ulong index, string text) => new(
        new Term(term), new LogIndex(index), index == 2 ? EntryType.ConfigChange : EntryType.Normal, Encoding.ASCII.GetBytes(text));

    private static GroupConfig Config() => GroupConfig.Create(
        [ReplicaId.Create(1, 1), ReplicaId.Create(2, 1)], [ReplicaId.Create(4, 1)], [ReplicaId.Create(1, 1), ReplicaId.Create(3, 1)], [ReplicaId.Create(3, 1)], autoLeave: true);

    private static string Dump(MemoryDisk disk) =>
        string.Concat(disk.Files().Select(file => $"{file.Path} {Convert.ToBase64String(disk.Content(file.Path))}\n"));

    private static string ReadGolden()
    {
        using var stream = typeof(GoldenTests).Assembly.GetManifestResourceStream(Golden)
            ?? throw new InvalidOperationException($"no golden folder {Golden}; the bytes written now are\n{Dump(Write())}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
