using System.Buffers.Binary;
using System.Collections.Immutable;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Storage.Checksums;

namespace OrleansStore.Storage.Snapshots;

/// <summary>The first bytes of a snapshot file.</summary>
/// <remarks>
/// Little-endian. It names no datacenter and no incarnation: a snapshot is the same bytes in every datacenter, which is what lets it be sent as it
/// is stored. Magic, version, length and the checksum's place are the same in every format version.
/// <code>
/// offset   0   8 bytes  magic "OSTOSNAP"
///          8   2        format version, 1
///         10   2        transform (compression, encryption); reserved, 0
///         12   4        key id; reserved, 0
///         16   4        header length H, checksum included
///         20   4        reserved, 0
///         24  16        store id
///         40   8        bucket (BucketId.Packed)
///         48   8        revision
///         56   8        term of the last entry covered
///         64   8        index of the last entry covered
///         72   8        four counts of 2 bytes: voters, outgoing voters, learners, next learners
///         80   1        1 if the joint configuration is left by itself, else 0
///         81   3        reserved, 0
///         84  8n        the members' ids, list after list
///        H-4   4        CRC32C of bytes [0, H-4)
/// </code>
/// </remarks>
internal sealed record SnapshotHeader(StoreId StoreId, BucketId Bucket, Revision Revision, SnapshotMetadata Metadata)
{
    public const ushort FormatVersion = 1;
    public const int PrefixBytes = 24;
    public const int MaxBytes = 64 << 10;

    private const int FixedBytes = 84;
    private const int ChecksumBytes = 4;

    private static ReadOnlySpan<byte> Magic => "OSTOSNAP"u8;

    /// <summary>Bytes of the header of a file that starts with these bytes; null where they are no header.</summary>
    public static int? LengthOf(ReadOnlySpan<byte> prefix)
    {
        if (prefix.Length < PrefixBytes || !prefix.StartsWith(Magic))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(prefix[16..]);
        return length is >= FixedBytes + ChecksumBytes and <= MaxBytes ? length : null;
    }

    public byte[] Encode()
    {
        var config = Metadata.Config;
        ImmutableArray<ReplicaId>[] lists = [config.Voters, config.VotersOutgoing, config.Learners, config.LearnersNext];
        var bytes = new byte[FixedBytes + (lists.Sum(list => list.Length) * sizeof(ulong)) + ChecksumBytes];
        var target = bytes.AsSpan();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(target[16..], bytes.Length);
        BinaryPrimitives.WriteUInt128LittleEndian(target[24..], StoreId.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[40..], Bucket.Packed);
        BinaryPrimitives.WriteUInt64LittleEndian(target[48..], Revision.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[56..], Metadata.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[64..], Metadata.Index.Value);
        target[80] = config.AutoLeave ? (byte)1 : (byte)0;
        var offset = FixedBytes;
        for (var i = 0; i < lists.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target[(72 + (2 * i))..], checked((ushort)lists[i].Length));
            foreach (var id in lists[i])
            {
                BinaryPrimitives.WriteUInt64LittleEndian(target[offset..], id.Value);
                offset += sizeof(ulong);
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(target[offset..], Crc32C.Compute(target[..offset]));
        return bytes;
    }

    /// <summary>Reads a whole header.</summary>
    /// <exception cref="CorruptionException">It is damaged.</exception>
    /// <exception cref="StoreException">Its format is newer, or it is of another store.</exception>
    public static SnapshotHeader Decode(string file, ReadOnlySpan<byte> source, StoreId storeId)
    {
        var checkedBytes = source.Length - ChecksumBytes;
        var expected = BinaryPrimitives.ReadUInt32LittleEndian(source[checkedBytes..]);
        var actual = Crc32C.Compute(source[..checkedBytes]);
        if (expected != actual)
        {
            throw new CorruptionException(file, 0, $"a snapshot header with CRC32C {expected:x8}", $"{actual:x8}");
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(source[8..]);
        if (version != FormatVersion || BinaryPrimitives.ReadUInt16LittleEndian(source[10..]) != 0 || BinaryPrimitives.ReadUInt32LittleEndian(source[12..]) != 0)
        {
            throw new StoreException(
                ErrorCode.UnsupportedFormat, $"{file} has format version {version}, or a transform; this release reads version {FormatVersion} without transform.");
        }

        var actualStore = new StoreId(BinaryPrimitives.ReadUInt128LittleEndian(source[24..]));
        StoreIdentity.RequireEqual(file, "store id", storeId.ToString(), actualStore.ToString());
        if (!BucketId.TryUnpack(BinaryPrimitives.ReadUInt64LittleEndian(source[40..]), out var bucket) || !TryReadConfig(source, out var config))
        {
            throw new CorruptionException(file, 40, "a bucket and a configuration", "values that are none");
        }

        return new SnapshotHeader(
            storeId,
            bucket,
            new Revision(BinaryPrimitives.ReadUInt64LittleEndian(source[48..])),
            new SnapshotMetadata(
                new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(source[64..])), new Term(BinaryPrimitives.ReadUInt64LittleEndian(source[56..])), config));
    }

    private static bool TryReadConfig(ReadOnlySpan<byte> source, out GroupConfig config)
    {
        config = GroupConfig.Empty;
        var lists = new ReplicaId[4][];
        var offset = FixedBytes;
        for (var i = 0; i < lists.Length; i++)
        {
            var count = BinaryPrimitives.ReadUInt16LittleEndian(source[(72 + (2 * i))..]);
            if (source.Length - ChecksumBytes - offset < count * sizeof(ulong))
            {
                return false;
            }

            lists[i] = new ReplicaId[count];
            for (var member = 0; member < count; member++, offset += sizeof(ulong))
            {
                lists[i][member] = new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(source[offset..]));
                if (lists[i][member] == ReplicaId.None || (member > 0 && lists[i][member] <= lists[i][member - 1]))
                {
                    return false;
                }
            }
        }

        config = GroupConfig.Create(lists[0], lists[2], lists[1], lists[3], source[80] == 1);
        return offset == source.Length - ChecksumBytes && source[80] <= 1;
    }
}
