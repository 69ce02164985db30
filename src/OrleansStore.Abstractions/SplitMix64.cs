namespace OrleansStore;

/// <summary>The SplitMix64 generator (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).</summary>
/// <remarks>Ours, and not the runtime's, so that a seed means the same run after a runtime upgrade. Not thread-safe, not for secrets.</remarks>
/// <param name="seed">Any number; equal seeds give equal sequences.</param>
public sealed class SplitMix64(ulong seed) : IRandomSource
{
    private ulong _state = seed;

    /// <inheritdoc/>
    public ulong NextUInt64()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Creates an independent generator: what it draws does not change what this one draws next, beyond this one step.</summary>
    public SplitMix64 Fork() => new(NextUInt64());
}
