using System.Buffers.Binary;
using OrleansStore.Storage.Checksums;

namespace OrleansStore.Storage.Log;

/// <summary>The header of one batch: what one write and one fsync make durable.</summary>
/// <remarks>
/// Little-endian. At most one batch is in flight, hence all before a batch is durable when it is written; the known-durable offset says so
/// explicitly, and a reader relies on that field and not on the writer's ways.
/// <code>
/// offset   0   4 bytes  magic "OSB1"
///          4   4        CRC32C of bytes [8, 64), seeded with the checksum of the segment header
///          8   8        segment number
///         16   8        sequence number: one more than the batch before, across segments
///         24   8        offset of this header in the segment
///         32   8        known-durable offset: every byte of the segment before it was durable when this was written
///         40   8        oldest segment that recovery needs
///         48   4        payload length, without the trailer
///         52   4        number of records
///         56   4        CRC32C of payload and trailer
///         60   4        kind (BatchKind)
///         64   n        records (RecordFormat)
///       64+n   8        trailer A5 5A C3 3C A5 5A C3 3C
/// </code>
/// No byte of the trailer has fewer than two bits set: a last sector that never reached the disk therefore differs from zeros in more than one
/// bit, which is how <see cref="TailInspector"/> tells a torn write from a flipped bit.
/// </remarks>
internal readonly record struct BatchHeader(
    ulong Segment, ulong Sequence, long Position, long KnownDurable, ulong FirstSegment, int PayloadBytes, int RecordCount, uint PayloadChecksum, BatchKind Kind)
{
    public const int SizeBytes = 64;
    public const int TrailerBytes = 8;
    public const int OverheadBytes = SizeBytes + TrailerBytes;

    /// <summary>Bounds a length read from disk, so that damage cannot ask for absurd memory. Above what options allow to write.</summary>
    public const int MaxPayloadBytes = 128 << 20;

    private const int CheckedFrom = 8;

    public static ReadOnlySpan<byte> Magic => "OSB1"u8;

    public static ReadOnlySpan<byte> Trailer => [0xA5, 0x5A, 0xC3, 0x3C, 0xA5, 0x5A, 0xC3, 0x3C];

    /// <summary>Bytes from this header to the end of the trailer.</summary>
    public long TotalBytes => OverheadBytes + (long)PayloadBytes;

    public static uint PayloadChecksumOf(ReadOnlySpan<byte> payloadAndTrailer) => Crc32C.Compute(payloadAndTrailer);

    public void Write(Span<byte> target, uint seed)
    {
        target = target[..SizeBytes];
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], Segment);
        BinaryPrimitives.WriteUInt64LittleEndian(target[16..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], Position);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], KnownDurable);
        BinaryPrimitives.WriteUInt64LittleEndian(target[40..], FirstSegment);
        BinaryPrimitives.WriteInt32LittleEndian(target[48..], PayloadBytes);
        BinaryPrimitives.WriteInt32LittleEndian(target[52..], RecordCount);
        BinaryPrimitives.WriteUInt32LittleEndian(target[56..], PayloadChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(target[60..], (uint)Kind);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], ChecksumOf(target, seed));
    }

    public static uint ChecksumOf(ReadOnlySpan<byte> header, uint seed) => Crc32C.Append(seed, header[CheckedFrom..SizeBytes]);

    /// <summary>Reads a header if its bytes are sound and say that they stand at this position of this segment.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, uint seed, ulong segment, long position, out BatchHeader header)
    {
        header = default;
        if (source.Length < SizeBytes || !source.StartsWith(Magic) || BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) != ChecksumOf(source, seed))
        {
            return false;
        }

        header = new BatchHeader(
            BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[40..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[48..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[52..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[56..]),
            (BatchKind)BinaryPrimitives.ReadUInt32LittleEndian(source[60..]));
        return header.Segment == segment
            && header.Position == position
            && header.KnownDurable >= 0 && header.KnownDurable <= position
            && header.PayloadBytes is >= 0 and <= MaxPayloadBytes
            && header.RecordCount >= 0;
    }

    /// <summary>Whether these are the records and the trailer that belong to this header.</summary>
    public bool Fits(ReadOnlySpan<byte> payloadAndTrailer) =>
        payloadAndTrailer.Length == PayloadBytes + TrailerBytes
        && payloadAndTrailer[PayloadBytes..].SequenceEqual(Trailer)
        && PayloadChecksumOf(payloadAndTrailer) == PayloadChecksum;
}
