using System.Globalization;

namespace OrleansStore.Client.Http.Answers;

/// <summary>Reads percent-encoded keys.</summary>
internal static class KeyText
{
    private const int EscapeLength = 3;

    /// <summary>Decodes a key.</summary>
    /// <param name="text">ASCII.</param>
    /// <exception cref="FormatException">An escape is broken, or the key has a length that no key has.</exception>
    public static StoreKey Decode(ReadOnlySpan<byte> text)
    {
        Span<byte> bytes = stackalloc byte[StoreLimits.MaxKeyBytes];
        var length = 0;
        while (!text.IsEmpty)
        {
            if (length == bytes.Length)
            {
                throw new FormatException($"A key in the answer has more than {StoreLimits.MaxKeyBytes} bytes.");
            }

            var isEscape = text[0] == '%';
            if (!isEscape)
            {
                bytes[length] = text[0];
            }
            else if (text.Length < EscapeLength || !byte.TryParse(text[1..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length]))
            {
                throw new FormatException("A key in the answer has a broken escape.");
            }

            text = text[(isEscape ? EscapeLength : 1)..];
            length++;
        }

        return length > 0 ? new StoreKey(NamespaceId.Default, bytes[..length].ToArray()) : throw new FormatException("A key in the answer is empty.");
    }
}
