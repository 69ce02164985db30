using System.Diagnostics;
using OrleansStore.Client;
using OrleansStore.Client.Tests.Support;
using OrleansStore.Grains.Tests.Harness;
using OrleansStore.Service.Status;

namespace OrleansStore.Grains.Tests;

/// <summary>Clusters that die and come back, and the links and clients that notice.</summary>
[Trait("Category", "Integration")]
public sealed class FailureTests
{
    [Fact]
    public async Task Store_GoesOn_WhenAClusterIsKilled_AndTheClusterCatchesUpOnReturn()
    {
        await using var clusters = await ThreeClusters.StartAsync();
        await PutAsync(clusters.Client(0), "1");

        await clusters.KillAsync(0);
        await PutAsync(clusters.Client(1), "2");
        await clusters.StartClusterAsync(0);
        await clusters.ReadyAsync();

        Assert.Equal("2", await clusters.Client(0).GetTextAsync("key-0"));
        await Until.TrueAsync(
            "the replicas that came back have caught up",
            async () => (await clusters.Client(0).GetAsync(StoreKey.FromText("key-7"), ReadOptions.Eventual))?.GetText() == "2");
    }

    [Fact]
    public async Task Leadership_IsHandedOver_BeforeASiloStopsCleanly()
    {
        await using var clusters = await ThreeClusters.StartAsync();
        await PutAsync(clusters.Client(0), "1");
        var store = clusters.Engine(2).Store;
        await Until.TrueAsync("dc3 leads", () => Led().Count > 0);

        await clusters.StopAsync(2);

        Assert.Empty(Led());
        await PutAsync(clusters.Client(1), "2");

        List<BucketStatus> Led() => [.. store.GetStatus().Buckets.Where(bucket => bucket.State == "leader")];
    }

    [Fact]
    public async Task NoTurnWaits_ForAClusterThatIsGone()
    {
        await using var clusters = await ThreeClusters.StartAsync();
        await PutAsync(clusters.Client(0), "1");
        await clusters.KillAsync(2);
        await PutAsync(clusters.Client(0), "2");

        // The third cluster is gone for good; what is sent to it is dropped, not waited for: two datacenters answer as fast as ever.
        var longest = TimeSpan.Zero;
        for (var i = 0; i < 100; i++)
        {
            var watch = Stopwatch.StartNew();
            (await clusters.Client(0).PutTextAsync($"key-{i % 16}", "3")).ThrowIfNotApplied();
            longest = watch.Elapsed > longest ? watch.Elapsed : longest;
        }

        Assert.True(longest < TimeSpan.FromSeconds(1), $"With a cluster gone the slowest of 100 writes took {longest}.");
    }

    [Fact]
    public async Task Client_RetriesUnderTheSameId_WhenItsClusterIsGoneForAWhile()
    {
        await using var clusters = await ThreeClusters.StartAsync();
        await PutAsync(clusters.Client(0), "1");
        var store = clusters.InSilo(1);

        await clusters.KillAsync(0);
        var written = (await store.PutTextAsync("key-3", "2", options: new WriteOptions { IdempotencyKey = "once" })).ThrowIfNotApplied();
        var again = (await store.PutTextAsync("key-3", "2", options: new WriteOptions { IdempotencyKey = "once" })).ThrowIfNotApplied();

        Assert.Equal(written.Revision, again.Revision);
    }

    private static async Task PutAsync(IStore store, string value)
    {
        for (var i = 0; i < 16; i++)
        {
            (await store.PutTextAsync($"key-{i}", value)).ThrowIfNotApplied();
        }
    }
}
