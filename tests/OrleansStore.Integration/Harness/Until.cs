using System.Diagnostics;

namespace OrleansStore.Integration.Harness;

/// <summary>Waits for conditions; one that does not come true fails the test with what it was.</summary>
internal static class Until
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(20);

    public static async Task<TimeSpan> TrueAsync(string condition, Func<Task<bool>> check, int seconds = 30)
    {
        var watch = Stopwatch.StartNew();
        while (!await check())
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(seconds), $"After {seconds} s it is still not so that {condition}.");
            await Task.Delay(CheckInterval);
        }

        return watch.Elapsed;
    }

    public static Task<TimeSpan> TrueAsync(string condition, Func<bool> check, int seconds = 30) => TrueAsync(condition, () => Task.FromResult(check()), seconds);
}
