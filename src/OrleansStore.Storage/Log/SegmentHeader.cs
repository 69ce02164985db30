using System.Buffers.Binary;
using System.Text;
using OrleansStore.Storage.Checksums;

namespace OrleansStore.Storage.Log;

/// <summary>The first bytes of a segment of the write-ahead log.</summary>
/// <remarks>
/// Little-endian. The length and the place of the checksum are the same in every format version, so that an older release can tell
/// "newer" from "damaged". A segment gets its name only after its header is durable, hence a header is never torn.
/// <code>
/// offset   0   8 bytes  magic "OSTORWAL"
///          8   2        format version, 1
///         10   2        transform (compression, encryption); reserved, 0
///         12   4        key id; reserved, 0
///         16  16        store id
///         32   8        incarnation
///         40   8        segment number, from 1
///         48   8        sequence number of the first batch
///         56   8        oldest segment that recovery needs
///         64   8        where the used part of the segment before this one ends; 0 in segment 1
///         72   1        length of the datacenter's name
///         73  63        datacenter's name in ASCII, padded with zeros
///        136 116        reserved, 0
///        252   4        CRC32C of bytes [0, 252)
/// </code>
/// </remarks>
internal sealed record SegmentHeader(StoreIdentity Identity, ulong Number, ulong FirstSequence, ulong FirstSegment, long PreviousEnd)
{
    public const int SizeBytes = 256;
    public const ushort FormatVersion = 1;

    private const int CheckedBytes = 252;
    private const int DatacenterOffset = 73;

    private static ReadOnlySpan<byte> Magic => "OSTORWAL"u8;

    /// <summary>The checksum of this header; it seeds those of the segment's batches, so that a batch of another segment or store never fits.</summary>
    public uint Checksum { get; private init; }

    public static SegmentHeader Create(StoreIdentity identity, ulong number, ulong firstSequence, ulong firstSegment, long previousEnd)
    {
        var header = new SegmentHeader(identity, number, firstSequence, firstSegment, previousEnd);
        Span<byte> bytes = stackalloc byte[SizeBytes];
        header.Write(bytes);
        return header with { Checksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[CheckedBytes..]) };
    }

    public void Write(Span<byte> target)
    {
        target = target[..SizeBytes];
        target.Clear();
        Magic.CopyTo(target);
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], FormatVersion);
        BinaryPrimitives.WriteUInt128LittleEndian(target[16..], Identity.StoreId.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(target[32..], Identity.Incarnation);
        BinaryPrimitives.WriteUInt64LittleEndian(target[40..], Number);
        BinaryPrimitives.WriteUInt64LittleEndian(target[48..], FirstSequence);
        BinaryPrimitives.WriteUInt64LittleEndian(target[56..], FirstSegment);
        BinaryPrimitives.WriteInt64LittleEndian(target[64..], PreviousEnd);
        target[72] = (byte)Identity.Datacenter.Length;
        Identity.DatacenterBytes.CopyTo(target[DatacenterOffset..]);
        BinaryPrimitives.WriteUInt32LittleEndian(target[CheckedBytes..], Crc32C.Compute(target[..CheckedBytes]));
    }

    /// <summary>Reads a header and checks it against the store it should belong to.</summary>
    /// <exception cref="CorruptionException">The bytes are damaged.</exception>
    /// <exception cref="StoreException">The format is newer, or the segment belongs to somebody else.</exception>
    public static SegmentHeader Read(string file, ReadOnlySpan<byte> source, StoreIdentity identity, ulong number)
    {
        if (source.Length < SizeBytes)
        {
            throw new CorruptionException(file, 0, $"a segment header of {SizeBytes} bytes", $"{source.Length} bytes");
        }

        var expected = BinaryPrimitives.ReadUInt32LittleEndian(source[CheckedBytes..]);
        var actual = Crc32C.Compute(source[..CheckedBytes]);
        if (expected != actual || !source.StartsWith(Magic))
        {
            throw new CorruptionException(file, 0, $"a segment header with CRC32C {expected:x8}", $"{actual:x8}");
        }

        RequireKnownFormat(file, source);
        var datacenter = Encoding.ASCII.GetString(source.Slice(DatacenterOffset, Math.Min(source[72], (byte)StoreIdentity.MaxDatacenterBytes)));
        identity.Require(
            file,
            new StoreId(BinaryPrimitives.ReadUInt128LittleEndian(source[16..])),
            BinaryPrimitives.ReadUInt64LittleEndian(source[32..]),
            datacenter);
        var header = new SegmentHeader(
            identity,
            BinaryPrimitives.ReadUInt64LittleEndian(source[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[48..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[56..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[64..])) { Checksum = expected };
        if (header.Number != number || header.FirstSegment > number)
        {
            throw new CorruptionException(file, 40, $"segment {number}", $"segment {header.Number}, needing segments from {header.FirstSegment} on");
        }

        return header;
    }

    private static void RequireKnownFormat(string file, ReadOnlySpan<byte> source)
    {
        var version = BinaryPrimitives.ReadUInt16LittleEndian(source[8..]);
        var transform = BinaryPrimitives.ReadUInt16LittleEndian(source[10..]);
        var keyId = BinaryPrimitives.ReadUInt32LittleEndian(source[12..]);
        if (version != FormatVersion || transform != 0 || keyId != 0)
        {
            throw new StoreException(
                ErrorCode.UnsupportedFormat,
                $"{file} has format version {version}, transform {transform}, key {keyId}; this release reads version {FormatVersion} without transform.");
        }
    }
}
