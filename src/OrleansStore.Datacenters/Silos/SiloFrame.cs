using System.Buffers;
using System.Buffers.Binary;
using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Silos;

/// <summary>What one silo sends to another of its datacenter.</summary>
/// <remarks>
/// <code>
/// little-endian; a batch is a format version, 1, and then frames without a gap
/// offset size
///      0    1  kind, SiloFrameKind
///      1    1  link class
///      2    1  how often it was passed on
///      3    2  datacenter: the sender of an inward frame, the recipient of an outward one, 0 in a report
///      5    4  length of what follows
///      9       payload
/// </code>
/// Calls within a cluster are checked by its transport, so there is no checksum; lengths and values are.
/// </remarks>
internal readonly ref struct SiloFrame(SiloFrameKind kind, LinkClass linkClass, byte hops, DatacenterId datacenter, ReadOnlySpan<byte> payload)
{
    public const int HeaderBytes = 9;
    public const byte FormatVersion = 1;

    public SiloFrameKind Kind => kind;

    public LinkClass Class => linkClass;

    public byte Hops => hops;

    public DatacenterId Datacenter => datacenter;

    public ReadOnlySpan<byte> Payload { get; } = payload;

    /// <summary>How many bytes it takes.</summary>
    public int Length => HeaderBytes + Payload.Length;

    public void WriteTo(IBufferWriter<byte> output)
    {
        var target = output.GetSpan(Length);
        (target[0], target[1], target[2]) = ((byte)kind, (byte)linkClass, hops);
        BinaryPrimitives.WriteUInt16LittleEndian(target[3..], datacenter.Value);
        BinaryPrimitives.WriteInt32LittleEndian(target[5..], Payload.Length);
        Payload.CopyTo(target[HeaderBytes..]);
        output.Advance(Length);
    }

    /// <summary>Takes the first frame off.</summary>
    /// <exception cref="CorruptionException">There is none.</exception>
    public static SiloFrame Take(ref ReadOnlySpan<byte> rest)
    {
        var length = rest.Length < HeaderBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(rest[5..]);
        if (length < 0 || length > rest.Length - HeaderBytes
            || (SiloFrameKind)rest[0] is < SiloFrameKind.Inward or > SiloFrameKind.Report || (LinkClass)rest[1] is not (LinkClass.Control or LinkClass.Bulk))
        {
            throw new CorruptionException($"{rest.Length} bytes of another silo are no frame.");
        }

        var frame = new SiloFrame(
            (SiloFrameKind)rest[0], (LinkClass)rest[1], rest[2], new DatacenterId(BinaryPrimitives.ReadUInt16LittleEndian(rest[3..])), rest.Slice(HeaderBytes, length));
        rest = rest[frame.Length..];
        return frame;
    }
}
