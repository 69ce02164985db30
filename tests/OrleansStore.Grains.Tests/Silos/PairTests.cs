using OrleansStore.Client;
using OrleansStore.Client.Tests.Support;
using OrleansStore.Grains.Tests.Harness;

namespace OrleansStore.Grains.Tests.Silos;

/// <summary>Two silos of each datacenter share a database, the links and the buckets.</summary>
[Collection(SharedPairs.Collection), Trait("Category", "Integration")]
public sealed class PairTests(SharedPairs shared)
{
    private SiloPairs Pairs => shared.Pairs;

    [PostgresFact]
    public async Task EverySilo_AnswersForEveryKey()
    {
        for (var i = 0; i < 32; i++)
        {
            var (datacenter, silo) = SiloPairs.All().ElementAt(i % (SiloPairs.Datacenters * SiloPairs.Silos));
            (await Pairs.Store(datacenter, silo).PutTextAsync($"every-{i}", $"{i}")).ThrowIfNotApplied();
        }

        foreach (var (datacenter, silo) in SiloPairs.All())
        {
            for (var i = 0; i < 32; i++)
            {
                Assert.Equal($"{i}", await Pairs.Store(datacenter, silo).GetTextAsync($"every-{i}"));
            }
        }
    }

    [PostgresFact]
    public async Task Buckets_AreInOneSiloEach_AndEvenlySpread()
    {
        for (var i = 0; i < 64; i++)
        {
            (await Pairs.Store(0, 0).PutTextAsync($"spread-{i}", "1")).ThrowIfNotApplied();
        }

        for (var datacenter = 0; datacenter < SiloPairs.Datacenters; datacenter++)
        {
            var counts = new int[SiloPairs.Silos];
            for (uint bucket = 0; bucket < SiloPairs.Buckets; bucket++)
            {
                var holders = Enumerable.Range(0, SiloPairs.Silos).Where(silo => Pairs.Engine(datacenter, silo).Datacenter.Buckets.IsActive(new BucketId(bucket))).ToArray();
                Assert.True(holders.Length <= 1, $"Bucket {bucket} is in the memory of {holders.Length} silos of dc{datacenter + 1}.");
                foreach (var silo in holders)
                {
                    counts[silo]++;
                }
            }

            Assert.True(counts.Sum() >= SiloPairs.Buckets / 2, $"Only {counts.Sum()} buckets are in memory.");
            Assert.All(counts, count => Assert.InRange(count, 1, SiloPairs.Buckets / SiloPairs.Silos));
        }
    }

    [PostgresFact]
    public async Task OneSiloPerDatacenter_HoldsTheLinks_AndTheOtherKnowsThem()
    {
        for (var datacenter = 0; datacenter < SiloPairs.Datacenters; datacenter++)
        {
            var holder = Pairs.HolderOf(datacenter);
            Assert.InRange(holder, 0, SiloPairs.Silos - 1);
            var other = Pairs.Engine(datacenter, 1 - holder).Datacenter.Switch!;
            await Until.TrueAsync("the other silo knows all links to be up", () => other.Status().All(link => link.State == Service.Peers.LinkState.Up));
            Assert.NotNull(other.Holder);
            Assert.Equal(Pairs.Engine(datacenter, holder).Datacenter.Switch!.Holder, other.Holder);
        }
    }
}
