using System.Globalization;

namespace OrleansStore.Placement.Hashing;

/// <summary>The 64-bit hash that places a key. It is part of the stored format: it never changes, on no machine and in no version.</summary>
/// <remarks>
/// SipHash-2-4 under the 16 ASCII bytes <c>OrleansStore-key</c> of
/// <code>
/// offset  0                        8
///         | namespace id, u64 LE   | partition key, to the end |
/// </code>
/// Test vectors stand in the project's README.
/// </remarks>
/// <param name="Value">The raw hash; its top bits name the bucket.</param>
public readonly record struct KeyHash(ulong Value)
{
    internal const ulong Key0 = 0x53736e61656c724fUL;
    internal const ulong Key1 = 0x79656b2d65726f74UL;

    /// <summary>Hashes a key. Allocates nothing.</summary>
    /// <param name="space">The namespace that the key stands in.</param>
    /// <param name="key">The whole key; its partition key is found here.</param>
    public static KeyHash Of(NamespaceId space, ReadOnlySpan<byte> key) => new(SipHash24.Hash(Key0, Key1, space.Value, PartitionKey.Of(key)));

    /// <summary>The bucket that holds this hash: its top log2(<paramref name="count"/>) bits.</summary>
    public BucketId BucketOf(BucketCount count)
    {
        // Shifted in two steps: for one bucket the shift is by 64, which the processor would take as 0.
        return new BucketId((uint)(Value >> 1 >> (63 - count.Log2)));
    }

    /// <summary>16 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
