using System.Globalization;

namespace OrleansStore;

/// <summary>A slice of the hash space: the top bits of the 64-bit key hash, and how often that slice was split.</summary>
/// <remarks>On disk and wire a bucket id is its <see cref="Packed"/> form, 8 bytes little-endian, so that a later split needs no new format.</remarks>
/// <param name="Number">The top log2(bucket count) + <paramref name="SplitGeneration"/> bits of the key hash.</param>
/// <param name="SplitGeneration">How often the slice was halved since the store was created; 0 today.</param>
public readonly record struct BucketId(uint Number, byte SplitGeneration = 0) : IComparable<BucketId>
{
    private const int NumberBits = 32;
    private const int GenerationBits = 8;

    /// <summary>The id as one number: <see cref="SplitGeneration"/> in bits 32 to 39, <see cref="Number"/> in bits 0 to 31; the rest is 0.</summary>
    public ulong Packed => ((ulong)SplitGeneration << NumberBits) | Number;

    /// <summary>Reads a packed id.</summary>
    /// <param name="packed">What <see cref="Packed"/> gave.</param>
    /// <param name="id">The id, if the result is true.</param>
    /// <returns>False where reserved bits are set.</returns>
    public static bool TryUnpack(ulong packed, out BucketId id)
    {
        id = new BucketId((uint)packed, (byte)(packed >> NumberBits));
        return packed >> (NumberBits + GenerationBits) == 0;
    }

    /// <summary>Compares by <see cref="Packed"/>.</summary>
    public static bool operator <(BucketId left, BucketId right) => left.Packed < right.Packed;

    /// <summary>Compares by <see cref="Packed"/>.</summary>
    public static bool operator >(BucketId left, BucketId right) => left.Packed > right.Packed;

    /// <summary>Compares by <see cref="Packed"/>.</summary>
    public static bool operator <=(BucketId left, BucketId right) => left.Packed <= right.Packed;

    /// <summary>Compares by <see cref="Packed"/>.</summary>
    public static bool operator >=(BucketId left, BucketId right) => left.Packed >= right.Packed;

    /// <inheritdoc/>
    public int CompareTo(BucketId other) => Packed.CompareTo(other.Packed);

    /// <summary>The number in decimal, followed by <c>/generation</c> where it was split.</summary>
    public override string ToString() => SplitGeneration == 0
        ? Number.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Number}/{SplitGeneration}");
}
