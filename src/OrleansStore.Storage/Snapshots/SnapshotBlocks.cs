using System.Buffers.Binary;
using OrleansStore.Storage.Checksums;

namespace OrleansStore.Storage.Snapshots;

/// <summary>What follows the header of a snapshot file.</summary>
/// <remarks>
/// Little-endian.
/// <code>
/// block,    0   4 bytes  length n of the content, in [1, 65536]
/// repeated  4   4        CRC32C of the block's number (8 bytes, from 0), its length (4 bytes) and its content, seeded with the header's checksum
///           8   n        content
///
/// footer    0   4        0: no further block
///           4   4        CRC32C of bytes [8, 32) of the footer, seeded with the header's checksum
///           8   8        number of blocks
///          16   8        bytes of content in all blocks
///          24   4        CRC32C of the whole file before the footer
///          28   4        reserved, 0
/// </code>
/// Nothing follows the footer.
/// </remarks>
internal static class SnapshotBlocks
{
    public const int HeadBytes = 8;
    public const int FooterBytes = 32;
    public const int MaxContentBytes = StorageOptions.SnapshotBlockBytes;

    public static uint ChecksumOf(uint seed, long number, ReadOnlySpan<byte> content)
    {
        Span<byte> place = stackalloc byte[sizeof(long) + sizeof(int)];
        BinaryPrimitives.WriteInt64LittleEndian(place, number);
        BinaryPrimitives.WriteInt32LittleEndian(place[sizeof(long)..], content.Length);
        return Crc32C.Append(Crc32C.Append(seed, place), content);
    }

    public static void WriteHead(Span<byte> block, uint seed, long number, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(block, length);
        BinaryPrimitives.WriteUInt32LittleEndian(block[4..], ChecksumOf(seed, number, block.Slice(HeadBytes, length)));
    }

    public static void WriteFooter(Span<byte> footer, uint seed, long blocks, long contentBytes, uint fileChecksum)
    {
        footer[..FooterBytes].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(footer[8..], blocks);
        BinaryPrimitives.WriteInt64LittleEndian(footer[16..], contentBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[24..], fileChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[4..], Crc32C.Append(seed, footer[8..FooterBytes]));
    }

    /// <summary>Whether these are the bytes of a footer of a file with this header.</summary>
    public static bool IsFooter(ReadOnlySpan<byte> footer, uint seed) =>
        footer.Length == FooterBytes
        && BinaryPrimitives.ReadInt32LittleEndian(footer) == 0
        && BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]) == Crc32C.Append(seed, footer[8..]);

    public static (long Blocks, long ContentBytes, uint FileChecksum) ReadFooter(ReadOnlySpan<byte> footer) => (
        BinaryPrimitives.ReadInt64LittleEndian(footer[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(footer[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(footer[24..]));
}
