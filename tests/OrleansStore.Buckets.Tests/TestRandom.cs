namespace OrleansStore.Buckets.Tests;

/// <summary>SplitMix64: a generator of ours, so that a seed means the same after an upgrade of the runtime.</summary>
internal sealed class TestRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number in [0, <paramref name="end"/>).</summary>
    public int Below(int end) => (int)(Next() % (ulong)end);

    public bool Chance(int percent) => Below(100) < percent;

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        foreach (ref var b in bytes.AsSpan())
        {
            b = (byte)Next();
        }

        return bytes;
    }

    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}
