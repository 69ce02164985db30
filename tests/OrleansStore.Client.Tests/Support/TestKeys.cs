namespace OrleansStore.Client.Tests.Support;

/// <summary>Keys that no other test uses.</summary>
internal static class TestKeys
{
    private static int _count;

    /// <summary>A text that no other test of this run has.</summary>
    public static string Unique() => $"t{Interlocked.Increment(ref _count)}";
}
