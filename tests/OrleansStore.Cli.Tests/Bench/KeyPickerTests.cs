using System.Text;
using OrleansStore.Cli.Bench;

namespace OrleansStore.Cli.Tests.Bench;

[Trait("Category", "Property")]
public sealed class KeyPickerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1000)]
    public void Zipf_DrawsEachKeyAsOftenAsItsRankSays(int keys)
    {
        const int draws = 400_000;
        var counts = new int[keys];
        var picker = new ZipfKeys(keys, new SplitMix64(11));
        for (var i = 0; i < draws; i++)
        {
            counts[picker.Next()]++;
        }

        var weights = Enumerable.Range(1, keys).Select(rank => Math.Pow(rank, -ZipfKeys.Exponent)).ToArray();
        var sum = weights.Sum();
        for (var key = 0; key < keys; key++)
        {
            var expected = draws * weights[key] / sum;
            // Five standard deviations, and room for what is rare.
            Assert.True(Math.Abs(counts[key] - expected) <= (5 * Math.Sqrt(expected)) + 5, $"key {key}: expected {expected:F0}, drawn {counts[key]}");
        }
    }

    [Fact]
    public void Zipf_StaysInRange_WithAsManyKeysAsThereCanBe()
    {
        var picker = new ZipfKeys(BenchKeys.MaxCount, new SplitMix64(3));

        Assert.All(Enumerable.Range(0, 10_000).Select(_ => picker.Next()), key => Assert.InRange(key, 0, BenchKeys.MaxCount - 1));
    }

    [Fact]
    public void Uniform_DrawsAllKeysAlike()
    {
        var counts = new int[16];
        var picker = new UniformKeys(16, new SplitMix64(3));
        for (var i = 0; i < 160_000; i++)
        {
            counts[picker.Next()]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Theory]
    [InlineData(0, "p/000000000")]
    [InlineData(1234567, "p/001234567")]
    [InlineData(BenchKeys.MaxCount - 1, "p/999999999")]
    public void Key_HasAFixedWidth(int index, string key) => Assert.Equal(key, Encoding.ASCII.GetString(BenchKeys.Of("p/"u8.ToArray(), index).Bytes.Span));
}
