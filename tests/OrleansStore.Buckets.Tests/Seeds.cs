namespace OrleansStore.Buckets.Tests;

/// <summary>Runs a check for many seeds; a failure names the seed.</summary>
internal static class Seeds
{
    public static void ForEach(int count, Action<ulong> check)
    {
        for (var seed = 1UL; seed <= (ulong)count; seed++)
        {
            try
            {
                check(seed);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Seed {seed} fails: {e.Message}", e);
            }
        }
    }
}
