using OrleansStore.Diagnostics;

namespace OrleansStore.Service.Wire;

/// <summary>What every payload between datacenters starts with; read it first, and let the kind choose the codec.</summary>
/// <remarks>
/// <code>
/// little-endian; the frame of the link around a payload carries length, CRC32C and the identity of the sender
/// offset size
///      0    1  kind, WireKind
///      1    1  format version of that kind, 1
///      2    8  bucket, BucketId.Packed
///     10    8  topology epoch of the sender, at least 1
///     18       what the kind says
///
/// v stands for a varint: 7 bits per byte, lowest first, top bit set where more follow; the shortest form is the only one.
/// </code>
/// Every payload has exactly one encoding: whatever a decoder accepts, its encoder would write.
/// </remarks>
/// <param name="Kind">What the payload holds.</param>
/// <param name="Bucket">The bucket it is about; 0 where it is about many.</param>
/// <param name="Epoch">The epoch of the topology that the sender went by; never <see cref="Epoch.None"/>. Only the router compares it (invariant 9).</param>
public readonly record struct PayloadHeader(WireKind Kind, BucketId Bucket, Epoch Epoch)
{
    /// <summary>The length of a header in bytes.</summary>
    public const int SizeBytes = 18;

    /// <summary>The format version that this version writes and reads, for all kinds.</summary>
    public const byte FormatVersion = 1;

    /// <summary>Reads the header of a payload and leaves the rest unchecked.</summary>
    /// <param name="payload">A payload.</param>
    /// <exception cref="CorruptionException">The bytes are no header.</exception>
    /// <exception cref="UnknownPayloadException">Kind or format version are not known to this version.</exception>
    public static PayloadHeader Read(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        return Read(ref reader);
    }

    internal static PayloadHeader Read(ref WireReader reader)
    {
        reader.Require(reader.Remaining <= WireLimits.MaxPayloadBytes, "length", (uint)reader.Remaining);
        var kind = (WireKind)reader.Enum("kind", (byte)WireKind.Heartbeats);
        _ = reader.Enum("format version", FormatVersion);
        var packed = reader.Fixed64("bucket");
        var isBucket = BucketId.TryUnpack(packed, out var bucket);
        reader.Require(isBucket, "bucket", packed);
        var epoch = new Epoch(reader.Fixed64("epoch"));
        reader.Require(epoch != Epoch.None, "epoch", epoch.Value);
        return new PayloadHeader(kind, bucket, epoch);
    }

    /// <summary>Reads the header of a payload that must be of one kind.</summary>
    internal static PayloadHeader Read(ref WireReader reader, WireKind kind)
    {
        var header = Read(ref reader);
        return header.Kind == kind ? header : throw new CorruptionException($"A payload of kind {header.Kind} was taken for one of kind {kind}.");
    }

    internal void Write(ref WireWriter writer)
    {
        Invariant.Check(Epoch != Epoch.None, "a bucket exists only in a topology");
        writer.Byte((byte)Kind);
        writer.Byte(FormatVersion);
        writer.Fixed64(Bucket.Packed);
        writer.Fixed64(Epoch.Value);
    }
}
