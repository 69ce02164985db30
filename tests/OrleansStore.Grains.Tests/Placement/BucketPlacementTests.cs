using Orleans.TestingHost;
using OrleansStore.Client.Tests.Support;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Grains.Hosting;

namespace OrleansStore.Grains.Tests.Placement;

[Trait("Category", "Integration")]
public sealed class BucketPlacementTests
{
    // Each silo has a store of its own here, which nothing asks: what is looked at is where the grains go.
    [Fact]
    public async Task Grains_AreSpreadEvenly_OverTheSilosOfACluster_AndEachHasOnePlace()
    {
        using var folder = new TestFolder();
        var builder = new InProcessTestClusterBuilder(2);
        builder.ConfigureSilo((options, silo) => silo.AddOrleansStore(store => (store.Datacenter, store.DataDirectory) = ("dc1", Path.Combine(folder.Path, options.SiloName))));
        await using var cluster = builder.Build();
        await cluster.DeployAsync();

        var places = new List<string>();
        for (var bucket = 0; bucket < 64; bucket++)
        {
            var grain = cluster.Client.GetGrain<IBucketGrain>(bucket);
            var place = await grain.LocateAsync();
            Assert.Equal(place, await grain.LocateAsync());
            places.Add(place);
        }

        Assert.Equal([32, 32], places.GroupBy(place => place).Select(group => group.Count()));
        await cluster.StopAllSilosAsync();
    }
}
