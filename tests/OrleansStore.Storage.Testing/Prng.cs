namespace OrleansStore.Storage.Testing;

/// <summary>SplitMix64: a small generator whose sequence never changes with the runtime, so that a seed means the same for ever.</summary>
/// <param name="seed">Where the sequence starts.</param>
public sealed class Prng(ulong seed)
{
    private ulong _state = seed;

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number in [0, <paramref name="end"/>).</summary>
    public int Next(int end) => (int)(NextBits() % (uint)end);

    /// <summary>True in <paramref name="percent"/> of 100 cases.</summary>
    public bool Chance(int percent) => Next(100) < percent;

    /// <summary>Random bytes.</summary>
    public byte[] NextBytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = (byte)NextBits();
        }

        return bytes;
    }

    /// <summary>An independent generator, so that what one component draws does not shift the others.</summary>
    public Prng Fork() => new(NextBits());
}
