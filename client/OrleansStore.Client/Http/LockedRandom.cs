namespace OrleansStore.Client.Http;

/// <summary>Randomness shared by all calls. Safe for concurrent use.</summary>
internal sealed class LockedRandom(IRandomSource source) : IRandomSource
{
    private readonly Lock _lock = new();

    public ulong NextUInt64()
    {
        lock (_lock)
        {
            return source.NextUInt64();
        }
    }

    /// <summary>Draws from [0, 1).</summary>
    public double NextFraction() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));
}
