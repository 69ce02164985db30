using System.Buffers.Binary;
using OrleansStore.Consensus;
using OrleansStore.Storage.Checksums;

namespace OrleansStore.Storage.Postgres;

/// <summary>The checksum that stands beside each stored entry (design invariant 12).</summary>
/// <remarks>
/// CRC32C over, little-endian:
/// <code>
/// offset   0   8 bytes  bucket (BucketId.Packed)
///          8   8        index
///         16   8        term
///         24   1        type
///         25   n        data
/// </code>
/// </remarks>
internal static class EntryChecksum
{
    private const int HeadBytes = 25;

    public static int Compute(BucketId bucket, in Entry entry)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(head, bucket.Packed);
        BinaryPrimitives.WriteUInt64LittleEndian(head[8..], entry.Index.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(head[16..], entry.Term.Value);
        head[24] = (byte)entry.Type;
        return unchecked((int)Crc32C.Append(Crc32C.Compute(head), entry.Data.Span));
    }
}
