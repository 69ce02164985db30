using OrleansStore.Client.Tests.Support;

namespace OrleansStore.Client.Tests;

/// <summary>The samples run, as programs, against a real store, and say what they should.</summary>
[Collection(RealStoreCollection.Name), Trait("Category", "Integration")]
public sealed class SampleTests(RealStore real)
{
    [Theory]
    [InlineData("QuickStart", "written", "read: hello", "somebody was faster", "outcome: Applied")]
    [InlineData("Counter", "visits: 20")]
    [InlineData("Outbox", "order and message at revision *", "sending: order 1 was placed")]
    [InlineData("Scan", "city/athens: 6 bytes", "city/berlin: 6 bytes", "city/cairo: 5 bytes")]
    public async Task Sample_SaysWhatItShould(string name, params string[] lines)
    {
        var binary = BuiltFiles.Output($"client/samples/OrleansStore.Samples.{name}");

        var output = await BuiltFiles.RunAsync(BuiltFiles.Root, [binary, .. real.Addresses.Select(address => address.ToString())]);

        var said = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Length, said.Length);
        Assert.All(lines.Zip(said), pair => Assert.True(
            pair.First == pair.Second || (pair.First.EndsWith('*') && pair.Second.StartsWith(pair.First[..^1], StringComparison.Ordinal)), $"expected {pair.First}, got {pair.Second}"));
    }
}
