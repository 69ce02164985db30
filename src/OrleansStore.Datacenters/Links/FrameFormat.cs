using System.Buffers;
using System.Buffers.Binary;
using OrleansStore.Service.Peers;
using OrleansStore.Storage.Checksums;

namespace OrleansStore.Datacenters.Links;

/// <summary>The envelope of everything that is sent between datacenters.</summary>
/// <remarks>
/// All numbers are little-endian.
/// <code>
/// offset size
///      0    4  n, the length of the payload in bytes
///      4    1  type, see FrameType
///      5    1  format version, 1
///      6    2  flags; 0, reserved
///      8    4  CRC32C of bytes [0, 8) and of the payload
///     12    n  payload
/// </code>
/// Length, type, version and flags are judged as soon as the header is there: a peer that claims 2 GiB is not waited for.
/// </remarks>
internal static class FrameFormat
{
    public const int HeaderBytes = 12;
    public const byte Version = 1;

    /// <summary>Bounds what a peer can make this process buffer before it has said who it is.</summary>
    public const int MaxHelloBytes = 2048;
    public const int MaxGoodbyeBytes = 1024;

    private const int CheckedHeaderBytes = 8;

    /// <summary>Fills in the header of a payload.</summary>
    /// <param name="header">At least <see cref="HeaderBytes"/> bytes.</param>
    /// <param name="type">What the payload is.</param>
    /// <param name="payload">The payload that will follow the header.</param>
    public static void WriteHeader(Span<byte> header, FrameType type, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, payload.Length);
        header[4] = (byte)type;
        header[5] = Version;
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header[CheckedHeaderBytes..], Checksum(header, payload));
    }

    /// <summary>Writes a whole frame.</summary>
    public static void Write(IBufferWriter<byte> output, FrameType type, ReadOnlySpan<byte> payload)
    {
        var header = output.GetSpan(HeaderBytes);
        WriteHeader(header, type, payload);
        output.Advance(HeaderBytes);
        output.Write(payload);
    }

    /// <summary>Judges the header that stands at the start of <paramref name="source"/>.</summary>
    /// <param name="source">What was received and not yet consumed.</param>
    /// <param name="header">The header, if the result is true.</param>
    /// <returns>False where too few bytes are there.</returns>
    /// <exception cref="CorruptionException">No frame of this format starts there.</exception>
    public static bool TryReadHeader(in ReadOnlySequence<byte> source, out FrameHeader header)
    {
        header = default;
        if (source.Length < HeaderBytes)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[HeaderBytes];
        source.Slice(0, HeaderBytes).CopyTo(bytes);
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var (type, version, flags) = ((FrameType)bytes[4], bytes[5], BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]));
        if (version != Version || flags != 0)
        {
            throw new CorruptionException($"a frame has format version {version} and flags {flags}; this release reads version {Version} and no flags");
        }

        var (min, max) = LengthsOf(type);
        if (length < min || length > max)
        {
            throw new CorruptionException($"a frame of type {(byte)type} claims {length} bytes; such frames have {min} to {max}");
        }

        header = new FrameHeader(type, length, Checksum(bytes, []), BinaryPrimitives.ReadUInt32LittleEndian(bytes[CheckedHeaderBytes..]));
        return true;
    }

    /// <summary>How many of the bytes that wait make up whole frames.</summary>
    /// <param name="frames">Frames that this process has encoded; the first byte starts one.</param>
    /// <param name="maxBytes">Where to stop; the first frame counts however long it is.</param>
    public static int WholeFrames(in ReadOnlySequence<byte> frames, int maxBytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        var (total, rest) = (0, frames);
        while (!rest.IsEmpty)
        {
            rest.Slice(0, sizeof(int)).CopyTo(length);
            var frame = HeaderBytes + BinaryPrimitives.ReadInt32LittleEndian(length);
            if (total > 0 && total + frame > maxBytes)
            {
                break;
            }

            total += frame;
            rest = rest.Slice(frame);
        }

        return total;
    }

    private static (int Min, int Max) LengthsOf(FrameType type) => type switch
    {
        FrameType.Hello or FrameType.Identity => (1, MaxHelloBytes),
        FrameType.Goodbye => (1, MaxGoodbyeBytes),
        FrameType.Heartbeat => (Heartbeat.SizeBytes, Heartbeat.SizeBytes),
        FrameType.Payload => (1, IPeerLinks.MaxPayloadBytes),
        _ => throw new CorruptionException($"a frame has type {(byte)type}, which this release does not know"),
    };

    private static uint Checksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        Crc32C.Append(Crc32C.Compute(header[..CheckedHeaderBytes]), payload);
}
