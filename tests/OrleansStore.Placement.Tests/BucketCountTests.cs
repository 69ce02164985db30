namespace OrleansStore.Placement.Tests;

public sealed class BucketCountTests
{
    [Fact, Trait("Category", "Unit")]
    public void TryCreate_AcceptsPowersOfTwoInRangeOnly()
    {
        for (var value = -2; value <= 2 * BucketCount.Max; value++)
        {
            var isPower = value is >= BucketCount.Min and <= BucketCount.Max && int.PopCount(value) == 1;
            Assert.Equal(isPower, BucketCount.TryCreate(value, out var count));
            Assert.Equal(isPower ? value : 1, count.Value);
        }
    }

    [Fact, Trait("Category", "Unit")]
    public void Constructor_NamesTheValue_WhenItIsNotAPowerOfTwo() =>
        Assert.Contains("100", Assert.Throws<ArgumentOutOfRangeException>(() => new BucketCount(100)).Message, StringComparison.Ordinal);

    [Fact, Trait("Category", "Unit")]
    public void Default_Is64_AndDefaultValueIsOne()
    {
        Assert.Equal(64, BucketCount.Default.Value);
        Assert.Equal(1, default(BucketCount).Value);
    }
}
