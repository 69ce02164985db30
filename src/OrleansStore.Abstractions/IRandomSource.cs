namespace OrleansStore;

/// <summary>A source of randomness, passed in so that a simulated run can be repeated from its seed.</summary>
public interface IRandomSource
{
    /// <summary>Draws 64 uniformly distributed bits.</summary>
    ulong NextUInt64();
}
