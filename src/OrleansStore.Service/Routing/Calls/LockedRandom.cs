namespace OrleansStore.Service.Routing.Calls;

/// <summary>A random source for concurrent use.</summary>
/// <param name="source">Where the bits come from; used by nobody else.</param>
internal sealed class LockedRandom(IRandomSource source) : IRandomSource
{
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public ulong NextUInt64()
    {
        lock (_lock)
        {
            return source.NextUInt64();
        }
    }
}
