namespace OrleansStore.Placement.Tests;

/// <summary>What these tests draw.</summary>
internal static class RandomExtensions
{
    /// <summary>A number in [start, end).</summary>
    public static int Next(this IRandomSource random, int start, int end) => start + random.Next(end - start);

    public static bool NextBool(this IRandomSource random) => (random.NextUInt64() & 1) != 0;

    public static void Fill(this IRandomSource random, Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)random.NextUInt64();
        }
    }
}
