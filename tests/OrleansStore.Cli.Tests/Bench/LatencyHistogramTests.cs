using OrleansStore.Cli.Bench;

namespace OrleansStore.Cli.Tests.Bench;

[Trait("Category", "Property")]
public sealed class LatencyHistogramTests
{
    private static readonly double[] Shares = [0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1000)]
    [InlineData(50_000)]
    public void Percentile_IsThatOfASortedList_UpToOneIn128(int count)
    {
        for (ulong seed = 1; seed <= 10; seed++)
        {
            var random = new SplitMix64(seed);

            // Spread over all magnitudes: as many below a microsecond as above an hour.
            var times = Enumerable.Range(0, count).Select(_ => (long)(random.NextUInt64() >> (25 + random.Next(39)))).ToArray();
            var histogram = new LatencyHistogram();
            foreach (var time in times)
            {
                histogram.Record(TimeSpan.FromTicks(time));
            }

            Array.Sort(times);
            Assert.Equal(count, histogram.Count);
            Assert.Equal(times[^1], histogram.Max.Ticks);
            foreach (var share in Shares)
            {
                var exact = times[Math.Max((int)Math.Ceiling(share * count), 1) - 1];
                var told = histogram.Percentile(share).Ticks;
                Assert.True(told >= exact && told - exact <= exact / 128, $"seed {seed}, {share}: exactly {exact}, told {told}");
            }
        }
    }

    [Fact]
    public void Percentile_IsExact_ForShortTimes()
    {
        var histogram = new LatencyHistogram();
        for (var ticks = 0; ticks < LatencyHistogram.LinearEnd; ticks++)
        {
            histogram.Record(TimeSpan.FromTicks(ticks));
        }

        for (var ticks = 1; ticks <= LatencyHistogram.LinearEnd; ticks++)
        {
            Assert.Equal(ticks - 1, histogram.Percentile((double)ticks / LatencyHistogram.LinearEnd).Ticks);
        }

        Assert.Equal((LatencyHistogram.LinearEnd - 1) / 2, histogram.Mean.Ticks);
    }

    [Fact]
    public void Sum_IsAsIfAllWereRecordedInOne()
    {
        var (left, right, both) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
        var random = new SplitMix64(5);
        for (var i = 0; i < 2000; i++)
        {
            var time = TimeSpan.FromTicks(random.Next(1_000_000));
            (i % 3 == 0 ? left : right).Record(time);
            both.Record(time);
        }

        left.Add(right);

        Assert.Equal(both.Count, left.Count);
        Assert.Equal((both.Max, both.Mean), (left.Max, left.Mean));
        Assert.All(Shares, share => Assert.Equal(both.Percentile(share), left.Percentile(share)));
    }

    [Fact]
    public void Histogram_TakesWhatIsBeyondItsRange()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromTicks(-1));
        histogram.Record(TimeSpan.MaxValue);

        Assert.Equal(0, histogram.Percentile(0.5).Ticks);
        Assert.Equal((1L << 40) - 1, histogram.Percentile(1).Ticks);
        Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Percentile(0.99));
    }
}
