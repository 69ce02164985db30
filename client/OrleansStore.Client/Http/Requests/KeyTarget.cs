using System.Buffers;
using System.Buffers.Text;

namespace OrleansStore.Client.Http.Requests;

/// <summary>Writes keys into request targets and JSON: percent-encoded, every byte but the unreserved characters of RFC 3986 and the slash.</summary>
internal static class KeyTarget
{
    private const string Path = "/v1/kv/";
    private const string Base64Path = "/v1/kv?key64=";

    private static readonly SearchValues<byte> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/"u8);

    /// <summary>The target of a key, with a query behind it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="parameter">One parameter, as <c>name=value</c>; empty for none.</param>
    public static string Of(ReadOnlyMemory<byte> key, string parameter = "")
    {
        if (!FitsPath(key.Span))
        {
            var base64 = Base64Url.EncodeToString(key.Span);
            return parameter.Length == 0 ? Base64Path + base64 : $"{Base64Path}{base64}&{parameter}";
        }

        var length = Path.Length + EncodedLength(key.Span) + (parameter.Length == 0 ? 0 : parameter.Length + 1);
        return string.Create(length, (key, parameter), static (text, state) =>
        {
            Path.CopyTo(text);
            var at = Path.Length + Encode(state.key.Span, text[Path.Length..]);
            if (state.parameter.Length > 0)
            {
                text[at] = '?';
                state.parameter.CopyTo(text[(at + 1)..]);
            }
        });
    }

    /// <summary>The percent-encoding of bytes.</summary>
    public static string Encode(ReadOnlyMemory<byte> bytes) =>
        string.Create(EncodedLength(bytes.Span), bytes, static (text, bytes) => Encode(bytes.Span, text));

    // Byte 0 is refused by servers before they look, and dot segments are collapsed by what lies between.
    private static bool FitsPath(ReadOnlySpan<byte> key)
    {
        if (key.Contains((byte)0))
        {
            return false;
        }

        if (!key.Contains((byte)'.'))
        {
            return true;
        }

        foreach (var range in key.Split((byte)'/'))
        {
            if (key[range].SequenceEqual("."u8) || key[range].SequenceEqual(".."u8))
            {
                return false;
            }
        }

        return true;
    }

    private static int EncodedLength(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAnyExcept(Unreserved))
        {
            return bytes.Length;
        }

        var length = bytes.Length;
        foreach (var b in bytes)
        {
            length += Unreserved.Contains(b) ? 0 : 2;
        }

        return length;
    }

    private static int Encode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        const string digits = "0123456789ABCDEF";
        var at = 0;
        foreach (var b in bytes)
        {
            if (Unreserved.Contains(b))
            {
                text[at++] = (char)b;
                continue;
            }

            text[at++] = '%';
            text[at++] = digits[b >> 4];
            text[at++] = digits[b & 0xF];
        }

        return at;
    }
}
