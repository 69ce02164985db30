using System.Globalization;

namespace OrleansStore.Client.Http.Answers;

/// <summary>Reads percent-encoded keys.</summary>
internal static class KeyText
{
    /// <summary>Decodes a key.</summary>
    /// <param name="text">ASCII.</param>
    /// <exception cref="FormatException">An escape is broken, or the key has a length that no key has.</exception>
    public static StoreKey Decode(ReadOnlySpan<byte> text)
    {
        var length = text.Length - (2 * text.Count((byte)'%'));
        if (length is < 1 or > StoreLimits.MaxKeyBytes)
        {
            throw new FormatException($"A key in the answer has {length} bytes.");
        }

        // Each escape takes the three characters that the length counts for it, or is broken; so the bytes suffice exactly.
        var bytes = new byte[length];
        for (var at = 0; !text.IsEmpty; at++)
        {
            if (text[0] != '%')
            {
                bytes[at] = text[0];
                text = text[1..];
                continue;
            }

            if (text.Length < 3 || !byte.TryParse(text[1..3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[at]))
            {
                throw new FormatException("A key in the answer has a broken escape.");
            }

            text = text[3..];
        }

        return new StoreKey(NamespaceId.Default, bytes);
    }
}
