namespace OrleansStore.Cli.Bench;

/// <summary>The keys of a benchmark: a prefix and a number of a fixed width, so that all are equally long.</summary>
internal static class BenchKeys
{
    /// <summary>How many digits the number has.</summary>
    public const int Digits = 9;

    /// <summary>How many keys there can be.</summary>
    public const int MaxCount = 1_000_000_000;

    /// <summary>The digits of a key.</summary>
    public static void Format(int index, Span<byte> digits)
    {
        for (var i = Digits - 1; i >= 0; i--)
        {
            (index, var digit) = Math.DivRem(index, 10);
            digits[i] = (byte)('0' + digit);
        }
    }

    /// <summary>The key.</summary>
    public static StoreKey Of(ReadOnlyMemory<byte> prefix, int index)
    {
        var bytes = new byte[prefix.Length + Digits];
        prefix.CopyTo(bytes);
        Format(index, bytes.AsSpan(prefix.Length));
        return new StoreKey(NamespaceId.Default, bytes);
    }
}
