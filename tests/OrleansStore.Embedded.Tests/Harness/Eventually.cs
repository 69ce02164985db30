using System.Diagnostics;

namespace OrleansStore.Embedded.Tests.Harness;

internal static class Eventually
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Awaits a condition; fails with what was expected where it does not come to hold.</summary>
    public static async Task HoldsAsync(Func<bool> condition, Func<string> expected)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Limit, $"Not within {Limit}: {expected()}");
            await timer.WaitForNextTickAsync();
        }
    }
}
