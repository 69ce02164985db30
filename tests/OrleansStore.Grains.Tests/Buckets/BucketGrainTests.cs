using Orleans.Core.Internal;
using OrleansStore.Client;
using OrleansStore.Client.Tests.Support;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Grains.Tests.Harness;
using OrleansStore.Service.Replicas;

namespace OrleansStore.Grains.Tests.Buckets;

/// <summary>A replica is in memory exactly while its grain is active.</summary>
[Trait("Category", "Integration")]
public sealed class BucketGrainTests
{
    [Fact]
    public async Task Grains_GoWhenTheirBucketsSleep_AndComeBackWhenTheyAreWanted()
    {
        await using var clusters = await ThreeClusters.StartAsync(hibernateAfter: TimeSpan.FromMilliseconds(300));
        (await clusters.Client(0).PutTextAsync("a", "1")).ThrowIfNotApplied();
        Assert.True(clusters.ActiveGrains() > 0, "A bucket was written, and no grain of it is active.");

        for (var i = 0; i < ThreeClusters.Size; i++)
        {
            var (activations, buckets) = (clusters.Activations(i), clusters.Engine(i).Datacenter.Buckets);
            await Until.TrueAsync("all buckets sleep and their grains are gone", () => activations.Count == 0 && All(buckets).All(bucket => !buckets.IsActive(bucket)));
        }

        Assert.Equal("1", await clusters.Client(1).GetTextAsync("a"));
        Assert.True(clusters.ActiveGrains() > 0, "A bucket was read, and no grain of it is active.");
    }

    [Fact]
    public async Task Replicas_AreInMemoryOnlyWithTheirGrains()
    {
        await using var clusters = await ThreeClusters.StartAsync();
        await WriteAllAsync(clusters.Client(0), round: 1);

        for (var i = 0; i < ThreeClusters.Size; i++)
        {
            // A grain is there a moment before its replica is loaded, and a moment after it was closed.
            var (activations, buckets) = (clusters.Activations(i), clusters.Engine(i).Datacenter.Buckets);
            await Until.TrueAsync("every replica in memory has its grain, and no grain is without", () => All(buckets).Count(buckets.IsActive) == activations.Count);
        }
    }

    [Fact]
    public async Task Grain_ClosesItsReplica_WhenItIsSentAway_AndNothingAcknowledgedIsLost()
    {
        await using var clusters = await ThreeClusters.StartAsync();
        var store = clusters.Client(0);
        for (var round = 1; round <= 5; round++)
        {
            await WriteAllAsync(store, round);
            foreach (var bucket in All(clusters.Engine(round % ThreeClusters.Size).Datacenter.Buckets))
            {
                await SendAwayAsync(clusters, round % ThreeClusters.Size, bucket);
            }

            for (var i = 0; i < 32; i++)
            {
                Assert.Equal($"{round}", await store.GetTextAsync($"key-{i}"));
            }
        }
    }

    private static async Task SendAwayAsync(ThreeClusters clusters, int datacenter, BucketId bucket)
    {
        var grain = clusters.Cluster(datacenter).Client.GetGrain<IBucketGrain>((long)bucket.Packed);
        await grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle();

        // The call waits for the end of the one activation and the start of the next.
        await grain.LocateAsync();
    }

    private static async Task WriteAllAsync(IStore store, int round)
    {
        for (var i = 0; i < 32; i++)
        {
            (await store.PutTextAsync($"key-{i}", $"{round}")).ThrowIfNotApplied();
        }
    }

    private static IEnumerable<BucketId> All(BucketSilo buckets)
    {
        ArgumentNullException.ThrowIfNull(buckets);
        return Enumerable.Range(0, DatacenterConfigurator.Buckets).Select(number => new BucketId((uint)number));
    }
}
