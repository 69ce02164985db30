using OrleansStore.Silo.Hosting;

namespace OrleansStore.Silo.Tests;

[Trait("Category", "Unit")]
public sealed class RestDetectorTests
{
    private const long Heap = 100L << 20;

    [Fact]
    public void Collection_IsDue_OnceTheProcessRestsAfterItWasBusy()
    {
        var rest = new RestDetector(0);
        Assert.False(rest.IsCollectionDue(RestDetector.BusyBytes * 4, Heap));
        Assert.True(rest.IsCollectionDue((RestDetector.BusyBytes * 4) + RestDetector.QuietBytes, Heap));
        Assert.False(rest.IsCollectionDue((RestDetector.BusyBytes * 4) + RestDetector.QuietBytes, Heap));
    }

    [Fact]
    public void Collection_IsNotDue_WhileLittleWasAllocatedSinceTheLastOne()
    {
        var rest = new RestDetector(0);
        for (var allocated = 0L; allocated < RestDetector.BusyBytes; allocated += RestDetector.QuietBytes)
        {
            Assert.False(rest.IsCollectionDue(allocated, Heap));
        }

        Assert.True(rest.IsCollectionDue(RestDetector.BusyBytes, Heap));
    }

    [Fact]
    public void Collection_IsNotDue_WhereItWouldTakeTooLong()
    {
        var rest = new RestDetector(RestDetector.BusyBytes);
        Assert.False(rest.IsCollectionDue(RestDetector.BusyBytes, RestDetector.MaxHeapBytes + 1));
        Assert.True(rest.IsCollectionDue(RestDetector.BusyBytes, RestDetector.MaxHeapBytes));
    }
}
