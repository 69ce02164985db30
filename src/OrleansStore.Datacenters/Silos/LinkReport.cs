using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Silos;

/// <summary>What the silo that holds the links tells the others of them.</summary>
/// <param name="Number">The number of the holding; a higher one is newer.</param>
/// <param name="OwnClock">As <see cref="IPeerLinks.OwnClock"/>.</param>
/// <param name="Links">As <see cref="IPeerLinks.Status"/>.</param>
/// <remarks>
/// <code>
/// little-endian; s = length 4 (-1 for null) and UTF-8 bytes; t = 8 bytes of ticks, long.MinValue for null
/// number 8 | own clock s | count 2 | then for each: peer 2 | state 1 | reason s | round trip t | skew t | queued 8 | refused 8 | sent 8 | received 8
/// </code>
/// </remarks>
internal sealed record LinkReport(long Number, string? OwnClock, ImmutableArray<LinkStatus> Links)
{
    // A reason holds messages of exceptions, which nobody has bounded.
    private const int MaxTextBytes = 4096;

    public byte[] Encode()
    {
        using var stream = new MemoryStream();
        Number64(stream, Number);
        Text(stream, OwnClock);
        Number16(stream, (ushort)Links.Length);
        foreach (var link in Links)
        {
            Number16(stream, link.Peer.Value);
            stream.WriteByte((byte)link.State);
            Text(stream, link.Reason);
            Number64(stream, link.RoundTrip?.Ticks ?? long.MinValue);
            Number64(stream, link.Skew?.Ticks ?? long.MinValue);
            Number64(stream, link.QueuedBytes);
            Number64(stream, link.Refused);
            Number64(stream, link.Bytes.Sent);
            Number64(stream, link.Bytes.Received);
        }

        return stream.ToArray();
    }

    /// <exception cref="CorruptionException">The bytes are no report.</exception>
    public static LinkReport Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var number = Number64(ref bytes);
            var clock = Text(ref bytes);
            var links = ImmutableArray.CreateBuilder<LinkStatus>();
            for (var count = Number16(ref bytes); links.Count < count;)
            {
                links.Add(Link(ref bytes));
            }

            return new LinkReport(number, clock, links.ToImmutable());
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new CorruptionException("What another silo says of the links ends early.", exception);
        }
    }

    private static LinkStatus Link(ref ReadOnlySpan<byte> bytes)
    {
        var peer = new DatacenterId(Number16(ref bytes));
        var state = (LinkState)bytes[..1][0];
        bytes = bytes[1..];
        return new LinkStatus(peer, state, Text(ref bytes))
        {
            RoundTrip = Time(ref bytes),
            Skew = Time(ref bytes),
            QueuedBytes = Number64(ref bytes),
            Refused = Number64(ref bytes),
            Bytes = (Number64(ref bytes), Number64(ref bytes)),
        };
    }

    private static void Number16(MemoryStream stream, ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void Number64(MemoryStream stream, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        stream.Write(bytes);
    }

    private static void Text(MemoryStream stream, string? text)
    {
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        var length = Math.Min(bytes.Length, MaxTextBytes);
        Span<byte> prefix = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(prefix, text is null ? -1 : length);
        stream.Write(prefix);
        stream.Write(bytes.AsSpan(0, length));
    }

    private static ushort Number16(ref ReadOnlySpan<byte> bytes)
    {
        var value = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        bytes = bytes[sizeof(ushort)..];
        return value;
    }

    private static long Number64(ref ReadOnlySpan<byte> bytes)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        bytes = bytes[sizeof(long)..];
        return value;
    }

    private static TimeSpan? Time(ref ReadOnlySpan<byte> bytes) => Number64(ref bytes) is var ticks && ticks == long.MinValue ? null : new TimeSpan(ticks);

    private static string? Text(ref ReadOnlySpan<byte> bytes)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        bytes = bytes[sizeof(int)..];
        if (length < 0)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes[..length]);
        bytes = bytes[length..];
        return text;
    }
}
