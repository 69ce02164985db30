namespace OrleansStore.Client.Http;

/// <summary>Randomness for pauses, shared by all calls.</summary>
internal sealed class LockedRandom(IRandomSource source)
{
    private readonly Lock _lock = new();

    /// <summary>Draws from [0, 1).</summary>
    public double NextFraction()
    {
        lock (_lock)
        {
            return (source.NextUInt64() >> 11) * (1.0 / (1UL << 53));
        }
    }
}
