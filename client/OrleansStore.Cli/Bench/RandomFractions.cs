namespace OrleansStore.Cli.Bench;

/// <summary>Fractions from bits.</summary>
internal static class RandomFractions
{
    /// <summary>Draws from [0, 1), uniformly over the multiples of 2^-53.</summary>
    public static double NextFraction(this IRandomSource random) => (random.NextUInt64() >> 11) * (1.0 / (1UL << 53));
}
