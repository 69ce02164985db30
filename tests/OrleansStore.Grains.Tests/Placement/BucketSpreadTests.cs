using OrleansStore.Grains.Placement;

namespace OrleansStore.Grains.Tests.Placement;

[Trait("Category", "Property")]
public sealed class BucketSpreadTests
{
    private const ulong Seed = 0x5EED_0001;

    [Fact]
    public void Buckets_AreSpreadEvenly_OverAnyNumberOfSilos()
    {
        var random = new SplitMix64(Seed);
        for (var run = 0; run < 200; run++)
        {
            var places = Places(random, 1 + (int)(random.NextUInt64() % 9));
            var buckets = 1 << (int)(random.NextUInt64() % 11);

            var counts = new int[places.Length];
            Array.ForEach(BucketSpread.Assign(buckets, places), place => counts[place]++);

            var share = (buckets + places.Length - 1) / places.Length;
            Assert.True(counts.Max() <= share, $"seed {Seed:x}, run {run}: {string.Join(", ", counts)} of {buckets} with a share of {share}");
        }
    }

    [Fact]
    public void EverySiloDecidesAlike_WhateverTheOrderOfTheSilos()
    {
        var random = new SplitMix64(Seed);
        var places = Places(random, 5);
        var shuffled = places.Reverse().ToArray();

        var (one, other) = (BucketSpread.Assign(256, places), BucketSpread.Assign(256, shuffled));

        Assert.All(Enumerable.Range(0, 256), bucket => Assert.Equal(places[one[bucket]], shuffled[other[bucket]]));
    }

    [Fact]
    public void FewBucketsMove_WhenASiloIsLost()
    {
        var random = new SplitMix64(Seed);
        var places = Places(random, 4);
        var before = BucketSpread.Assign(1024, places);

        var after = BucketSpread.Assign(1024, places.AsSpan(0, 3));

        // A quarter must move. Quotas make a few more; a spread by remainder would move three quarters.
        var moved = Enumerable.Range(0, 1024).Count(bucket => places[before[bucket]] != places[after[bucket]]);
        Assert.InRange(moved, 256, 512);
    }

    private static ulong[] Places(SplitMix64 random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextUInt64())];
}
