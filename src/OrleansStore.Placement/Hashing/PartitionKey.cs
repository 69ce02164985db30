namespace OrleansStore.Placement.Hashing;

/// <summary>The part of a key that decides its bucket: what stands between the first <c>{</c> and the next <c>}</c>, if that is not empty; else the whole key.</summary>
/// <remarks>
/// <para>Keys that name the same partition share a bucket, and so may be changed in one transaction: <c>cart/{42}/lines</c> and
/// <c>cart/{42}/total</c>, and also the plain key <c>42</c>.</para>
/// <para>Only the first <c>{</c> counts: <c>{}a{b}</c> is taken whole, and in <c>{{a}}</c> the partition key is <c>{a</c>. The bytes 0x7B and
/// 0x7D occur in no multi-byte UTF-8 sequence, so text is never cut inside a character.</para>
/// </remarks>
public static class PartitionKey
{
    private const byte Open = (byte)'{';
    private const byte Close = (byte)'}';

    /// <summary>Returns the part of <paramref name="key"/> that is hashed: a slice of the same memory, nothing is copied.</summary>
    /// <param name="key">Any bytes; empty only for an empty key, which no caller can write.</param>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> key)
    {
        var open = key.IndexOf(Open);
        if (open < 0)
        {
            return key;
        }

        var inside = key[(open + 1)..];
        var length = inside.IndexOf(Close);
        return length > 0 ? inside[..length] : key;
    }
}
