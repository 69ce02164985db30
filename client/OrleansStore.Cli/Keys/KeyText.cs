using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace OrleansStore.Cli.Keys;

/// <summary>Keys as text: percent-encoded, because keys are any bytes.</summary>
internal static class KeyText
{
    private const int EscapeLength = 3;

    private static readonly SearchValues<byte> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"u8);

    /// <summary>Reads a key.</summary>
    /// <param name="text">Percent-encoded, or base64 or base64url.</param>
    /// <param name="isBase64">Which of the two.</param>
    /// <exception cref="UsageException">The text is no key.</exception>
    public static StoreKey Parse(string text, bool isBase64 = false)
    {
        var bytes = isBase64 ? DecodeBase64(text) : Decode(text);
        return bytes.Length switch
        {
            0 => throw new UsageException("A key has at least one byte."),
            > StoreLimits.MaxKeyBytes => throw new UsageException($"The key has {bytes.Length} bytes; at most {StoreLimits.MaxKeyBytes} are allowed."),
            _ => new StoreKey(NamespaceId.Default, bytes),
        };
    }

    /// <summary>Reads the bytes of a percent-encoding: every escape is one byte, all else stands for its UTF-8.</summary>
    /// <exception cref="UsageException">An escape is broken.</exception>
    public static byte[] Decode(string text)
    {
        var source = Encoding.UTF8.GetBytes(text).AsSpan();
        var bytes = new byte[source.Length];
        var length = 0;
        while (!source.IsEmpty)
        {
            var isEscape = source[0] == '%';
            if (!isEscape)
            {
                bytes[length] = source[0];
            }
            else if (source.Length < EscapeLength || !byte.TryParse(source[1..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length]))
            {
                throw new UsageException($"'{text}' has a % without two hexadecimal digits behind it; a percent sign itself is written %25.");
            }

            source = source[(isEscape ? EscapeLength : 1)..];
            length++;
        }

        return bytes[..length];
    }

    /// <summary>Reads base64, of either alphabet, padded or not.</summary>
    /// <exception cref="UsageException">The text is something else.</exception>
    public static byte[] DecodeBase64(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text.Replace('+', '-').Replace('/', '_'));
        }
        catch (FormatException e)
        {
            throw new UsageException($"'{text}' is no base64.", e);
        }
    }

    /// <summary>The encoding that stands in JSON and in addresses: all but the unreserved characters of RFC 3986 and the slash is escaped.</summary>
    public static string Encode(StoreKey key) => Encode(key.Bytes.Span);

    /// <inheritdoc cref="Encode(StoreKey)"/>
    public static string Encode(ReadOnlySpan<byte> bytes) => Encode(bytes, static b => Unreserved.Contains(b));

    /// <summary>The encoding for people: what can be seen stands for itself. <see cref="Parse"/> reads it.</summary>
    public static string Show(StoreKey key) => Show(key.Bytes.Span);

    /// <inheritdoc cref="Show(StoreKey)"/>
    public static string Show(ReadOnlySpan<byte> bytes) => Encode(bytes, static b => b is > (byte)' ' and <= (byte)'~' and not (byte)'%');

    private static string Encode(ReadOnlySpan<byte> bytes, Func<byte, bool> isPlain)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes)
        {
            if (isPlain(b))
            {
                text.Append((char)b);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }

        return text.ToString();
    }
}
