using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using OrleansStore.Http.Problems;

namespace OrleansStore.Http.Targets;

/// <summary>Reads keys from the texts they come in.</summary>
internal static class KeyText
{
    /// <summary>Reads a percent-encoded key of the default namespace.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key, if the result is true.</param>
    /// <param name="problem">What is wrong, if the result is false.</param>
    public static bool TryRead(ReadOnlySpan<char> text, out StoreKey key, [NotNullWhen(false)] out Problem? problem)
    {
        problem = TryReadBytes(text, "key", StoreLimits.MaxKeyBytes, out var bytes);
        return Finish(bytes, ref problem, out key);
    }

    /// <summary>Reads a base64url key, padded or not.</summary>
    /// <inheritdoc cref="TryRead"/>
    public static bool TryReadBase64(ReadOnlySpan<char> text, out StoreKey key, [NotNullWhen(false)] out Problem? problem)
    {
        problem = null;
        byte[] bytes = [];
        if (!Base64Url.IsValid(text, out var length))
        {
            problem = Problem.BadRequest("key64 is not base64url.");
        }
        else if (length > StoreLimits.MaxKeyBytes)
        {
            problem = TooLong(length);
        }
        else
        {
            bytes = Base64Url.DecodeFromChars(text);
        }

        return Finish(bytes, ref problem, out key);
    }

    /// <summary>Reads percent-encoded bytes that bound a range of keys.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <param name="name">What the text is called in a problem.</param>
    /// <param name="maxBytes">The most bytes allowed.</param>
    /// <param name="bytes">The bytes; empty where there is a problem.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    public static Problem? TryReadBytes(ReadOnlySpan<char> text, string name, int maxBytes, out byte[] bytes) =>
        PercentEncoding.Decode(text, maxBytes, out bytes) switch
        {
            PercentDecoding.Decoded => null,
            PercentDecoding.BadEscape => Problem.BadRequest($"The {name} has a percent sign without two hexadecimal digits after it."),
            PercentDecoding.BadCharacter => Problem.BadRequest($"The {name} has a character that must be percent-encoded."),
            _ => new Problem(ProblemTypes.KeyTooLarge, $"The {name} is longer than {maxBytes} bytes."),
        };

    private static bool Finish(byte[] bytes, [NotNullWhen(false)] ref Problem? problem, out StoreKey key)
    {
        key = default;
        if (problem is not null)
        {
            return false;
        }

        if (bytes.Length == 0)
        {
            problem = Problem.BadRequest("The key is empty; it has at least one byte.");
            return false;
        }

        key = new StoreKey(NamespaceId.Default, bytes);
        return true;
    }

    private static Problem TooLong(int length) =>
        new(ProblemTypes.KeyTooLarge, $"The key has {length} bytes; at most {StoreLimits.MaxKeyBytes} are allowed.");
}
