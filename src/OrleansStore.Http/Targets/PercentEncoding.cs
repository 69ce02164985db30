using System.Buffers;
using System.Globalization;
using System.Text;

namespace OrleansStore.Http.Targets;

/// <summary>The text of a key in paths, queries and JSON: each escape is one byte, every other character stands for itself.</summary>
/// <remarks>
/// Read are all printable ASCII characters except <c>?</c>, <c>#</c> and the space, which end a path. Written unescaped are the unreserved characters of RFC 3986 and the slash,
/// so that the text can be used in a path and in a query as it is.
/// </remarks>
internal static class PercentEncoding
{
    private const int EscapeLength = 3;
    private const int HexDigitsPerByte = 2;

    private static readonly SearchValues<char> Readable = SearchValues.Create(
        [.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c is not ('?' or '#'))]);

    private static readonly SearchValues<byte> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"u8);

    /// <summary>Decodes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="maxBytes">The most bytes to decode.</param>
    /// <param name="bytes">An array of its own with what the text says, if the result is <see cref="PercentDecoding.Decoded"/>.</param>
    public static PercentDecoding Decode(ReadOnlySpan<char> text, int maxBytes, out byte[] bytes)
    {
        bytes = [];
        if (text.ContainsAnyExcept(Readable))
        {
            return PercentDecoding.BadCharacter;
        }

        if (!HasOnlyWholeEscapes(text))
        {
            return PercentDecoding.BadEscape;
        }

        var length = text.Length - (HexDigitsPerByte * text.Count('%'));
        if (length > maxBytes)
        {
            return PercentDecoding.TooLong;
        }

        bytes = new byte[length];
        Fill(text, bytes);
        return PercentDecoding.Decoded;
    }

    /// <summary>Encodes bytes.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<byte> buffer = stackalloc byte[EscapeLength * (StoreLimits.MaxKeyBytes + 1)];
        return Encoding.ASCII.GetString(buffer[..Encode(bytes, buffer)]);
    }

    /// <summary>Encodes bytes as ASCII.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="destination">At least three times as long.</param>
    /// <returns>How many bytes were written.</returns>
    public static int Encode(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        if (!bytes.ContainsAnyExcept(Unreserved))
        {
            bytes.CopyTo(destination);
            return bytes.Length;
        }

        var written = 0;
        foreach (var b in bytes)
        {
            if (Unreserved.Contains(b))
            {
                destination[written++] = b;
                continue;
            }

            destination[written++] = (byte)'%';
            destination[written++] = HexDigit(b >> 4);
            destination[written++] = HexDigit(b & 0xF);
        }

        return written;
    }

    private static bool HasOnlyWholeEscapes(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf('%'); at >= 0; at = text.IndexOf('%'))
        {
            if (text.Length - at < EscapeLength || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            {
                return false;
            }

            text = text[(at + EscapeLength)..];
        }

        return true;
    }

    private static void Fill(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        var at = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                bytes[at++] = (byte)text[i];
                continue;
            }

            bytes[at++] = byte.Parse(text.Slice(i + 1, HexDigitsPerByte), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            i += HexDigitsPerByte;
        }
    }

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);
}
