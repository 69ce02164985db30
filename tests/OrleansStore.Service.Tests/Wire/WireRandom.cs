namespace OrleansStore.Service.Tests.Wire;

/// <summary>What the generators of this folder draw; a failure names the seed.</summary>
internal sealed class WireRandom(ulong seed)
{
    private readonly SplitMix64 _source = new(seed);

    /// <summary>Runs a check for seeds 1 to <paramref name="count"/>.</summary>
    public static void ForEachSeed(int count, Action<WireRandom> check)
    {
        for (var seed = 1UL; seed <= (ulong)count; seed++)
        {
            try
            {
                check(new WireRandom(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed} fails: {e.Message}", e);
            }
        }
    }

    public int Below(int end) => _source.Next(end);

    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(params ReadOnlySpan<T> items) => items[Below(items.Length)];

    /// <summary>A number of any magnitude, the smallest and the largest often.</summary>
    public ulong Number(ulong min = 0, ulong max = ulong.MaxValue)
    {
        var value = Below(8) switch
        {
            0 => min,
            1 => max,
            2 => min + 1,
            _ => _source.NextUInt64() >> Below(64),
        };
        return value >= min && value <= max ? value : min + (value % Math.Max(1, max - min));
    }

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        foreach (ref var b in bytes.AsSpan())
        {
            b = (byte)_source.NextUInt64();
        }

        return bytes;
    }

    public byte[] Bytes(int min, int max) => Bytes(Chance(5) ? max : Chance(5) ? min : min + Below(Math.Min(max - min, 24) + 1));

    /// <summary>Text of printable ASCII.</summary>
    public string Ascii(int min, int max) => string.Create(min + Below(max - min + 1), this, (text, random) =>
    {
        foreach (ref var c in text)
        {
            c = (char)(' ' + random.Below('~' - ' ' + 1));
        }
    });
}
