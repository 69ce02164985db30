namespace OrleansStore;

/// <summary>What can be drawn from any <see cref="IRandomSource"/>.</summary>
public static class RandomSourceExtensions
{
    /// <summary>Draws a number from [0, <paramref name="exclusiveMax"/>), uniformly up to a bias of at most <paramref name="exclusiveMax"/> in 2^32.</summary>
    /// <param name="source">Where the bits come from; one draw.</param>
    /// <param name="exclusiveMax">Above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusiveMax"/> is not positive.</exception>
    public static int Next(this IRandomSource source, int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusiveMax);
        return (int)(((source.NextUInt64() >> 32) * (ulong)exclusiveMax) >> 32);
    }
}
