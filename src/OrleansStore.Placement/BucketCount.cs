using System.Globalization;
using System.Numerics;

namespace OrleansStore.Placement;

/// <summary>How many buckets a store has: a power of two in [<see cref="Min"/>, <see cref="Max"/>], fixed when the store is created.</summary>
/// <remarks>The default value of this type is one bucket.</remarks>
public readonly record struct BucketCount
{
    /// <summary>The smallest count: one bucket holds every key.</summary>
    public const int Min = 1;

    /// <summary>The largest count.</summary>
    public const int Max = 1 << 16;

    /// <summary>The count of a store whose creator names none.</summary>
    public static readonly BucketCount Default = new((byte)6);

    private BucketCount(byte log2) => Log2 = log2;

    /// <summary>Wraps a count.</summary>
    /// <param name="value">A power of two in [<see cref="Min"/>, <see cref="Max"/>].</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not.</exception>
    public BucketCount(int value)
    {
        if (!TryCreate(value, out this))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, $"The bucket count must be a power of two in [{Min}, {Max}].");
        }
    }

    /// <summary>How many top bits of the key hash name the bucket, in [0, 16].</summary>
    public byte Log2 { get; }

    /// <summary>The count itself.</summary>
    public int Value => 1 << Log2;

    /// <summary>Wraps a count that comes from outside.</summary>
    /// <param name="value">Any number.</param>
    /// <param name="count">The count, if the result is true.</param>
    /// <returns>False where <paramref name="value"/> is not a power of two in [<see cref="Min"/>, <see cref="Max"/>].</returns>
    public static bool TryCreate(int value, out BucketCount count)
    {
        var isValid = value is >= Min and <= Max && BitOperations.IsPow2(value);
        count = isValid ? new BucketCount((byte)BitOperations.Log2((uint)value)) : default;
        return isValid;
    }

    /// <summary>The count in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
