using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace OrleansStore.Http.Scans;

/// <summary>Where a scan goes on, as an opaque text. It holds the whole position; the server keeps nothing.</summary>
/// <remarks>
/// base64url of <c>version 1 (1 byte) | hash of the range (8 bytes) | first key of the next page (1..1,025 bytes)</c>. The hash is of prefix, start and end, each behind its length
/// (2 bytes, big-endian): the first 8 bytes of its SHA-256. It tells a cursor of another query, and is no protection: what a cursor could point to, a query could ask for as well.
/// </remarks>
internal static class ScanCursor
{
    private const byte Version = 1;
    private const int HashBytes = 8;
    private const int HeaderBytes = 1 + HashBytes;
    private const int MaxPositionBytes = StoreLimits.MaxKeyBytes + 1;

    /// <summary>Writes a cursor.</summary>
    /// <param name="range">The range of the query.</param>
    /// <param name="position">The first key of the next page.</param>
    public static string Write(ScanRange range, ReadOnlySpan<byte> position)
    {
        Span<byte> bytes = stackalloc byte[HeaderBytes + MaxPositionBytes];
        bytes[0] = Version;
        Hash(range, bytes.Slice(1, HashBytes));
        position.CopyTo(bytes[HeaderBytes..]);
        return Base64Url.EncodeToString(bytes[..(HeaderBytes + position.Length)]);
    }

    /// <summary>Reads a cursor.</summary>
    /// <param name="text">The text.</param>
    /// <param name="range">The range of the query that it comes with.</param>
    /// <param name="position">The first key of the next page, if the result is true.</param>
    /// <returns>False where the text is no cursor, or the cursor is of another query.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, ScanRange range, out byte[] position)
    {
        position = [];
        if (!Base64Url.IsValid(text, out var length) || length <= HeaderBytes || length > HeaderBytes + MaxPositionBytes)
        {
            return false;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        Span<byte> hash = stackalloc byte[HashBytes];
        Hash(range, hash);
        if (bytes[0] != Version || !bytes.AsSpan(1, HashBytes).SequenceEqual(hash))
        {
            return false;
        }

        position = bytes[HeaderBytes..];
        return range.Contains(position);
    }

    private static void Hash(ScanRange range, Span<byte> hash)
    {
        var bytes = new byte[(3 * sizeof(ushort)) + range.Prefix.Length + range.Start.Length + range.End.Length];
        var rest = bytes.AsSpan();
        Append(range.Prefix, ref rest);
        Append(range.Start, ref rest);
        Append(range.End, ref rest);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, whole);
        whole[..HashBytes].CopyTo(hash);
    }

    private static void Append(ReadOnlySpan<byte> part, ref Span<byte> rest)
    {
        BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)part.Length);
        part.CopyTo(rest[sizeof(ushort)..]);
        rest = rest[(sizeof(ushort) + part.Length)..];
    }
}
