using OrleansStore.Placement.Rings;

namespace OrleansStore.Placement.Tests.Rings;

public sealed class VirtualNodesTests
{
    private const ulong Quarter = 1UL << 62;

    private static readonly BucketCount Four = new(4);

    // Arcs are (start, end]: a bucket that stands exactly on a token belongs to it, one just past it to the next.
    [Fact, Trait("Category", "Unit")]
    public void Distances_AreToTheTokenThatEndsTheArc()
    {
        var nodes = new VirtualNodes(Four, [Quarter, (2 * Quarter) - 1, (3 * Quarter) + 5]);

        Assert.Equal([Quarter, 0UL, Quarter + 5, 5UL], nodes.Distances());
    }

    [Fact, Trait("Category", "Unit")]
    public void Distances_GoRoundTheRing_WhenNoTokenFollows()
    {
        Assert.Equal([7UL, Quarter * 3 + 7, Quarter * 2 + 7, Quarter + 7], new VirtualNodes(Four, [7]).Distances());
        Assert.Equal([7UL], new VirtualNodes(new BucketCount(1), [7]).Distances());
    }

    // Tokens in buckets 2, 0, 2: the buckets they stand in first, in the order of the virtual nodes, then backwards, bucket 1 before bucket 3.
    [Fact, Trait("Category", "Unit")]
    public void PreferredBuckets_GrowBackwardsFromEachToken()
    {
        Assert.Equal([2, 0, 1, 3], new VirtualNodes(Four, [2 * Quarter, 0, (3 * Quarter) - 1]).PreferredBuckets());
        Assert.Equal([0], new VirtualNodes(new BucketCount(1), [9, 8]).PreferredBuckets());
    }

    [Fact, Trait("Category", "Property")]
    public void Rings_AgreeWithADumbReading_ForRandomTokens()
    {
        const ulong Seed = 0x5EED_0020;
        var random = new SplitMix64(Seed);
        for (var run = 0; run < 200; run++)
        {
            var count = new BucketCount(1 << random.Next(0, 8));
            var tokens = Enumerable.Range(0, random.Next(1, 40)).Select(_ => random.NextUInt64()).ToArray();
            var nodes = new VirtualNodes(count, tokens);
            var distances = Enumerable.Range(0, count.Value)
                .Select(bucket => (ulong)((UInt128)bucket << (64 - count.Log2)))
                .Select(position => tokens.Min(token => unchecked(token - position)));

            Assert.True(distances.SequenceEqual(nodes.Distances()), $"seed {Seed:x}, run {run}");
            Assert.True(nodes.PreferredBuckets().Order().SequenceEqual(Enumerable.Range(0, count.Value)), $"seed {Seed:x}, run {run}");
        }
    }
}
