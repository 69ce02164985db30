namespace OrleansStore.Placement.Tests;

/// <summary>A generator of our own (SplitMix64), so that a seed means the same sequence after an upgrade of the runtime.</summary>
internal sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        unchecked
        {
            _state += 0x9e3779b97f4a7c15UL;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
            z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>A number in [start, end).</summary>
    public int Next(int start, int end) => start + (int)Math.BigMul(Next(), (ulong)(end - start), out _);

    public bool NextBool() => (Next() & 1) != 0;

    public void Fill(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)Next();
        }
    }
}
