namespace OrleansStore.Silo.Hosting;

/// <summary>Tells when a process has come to rest after it was busy, from what it has allocated. Pure.</summary>
/// <param name="allocated">The bytes allocated since the process began.</param>
internal sealed class RestDetector(long allocated)
{
    /// <summary>Less than this between two looks is rest: timers, heartbeats, a probe now and then.</summary>
    public const long QuietBytes = 8L << 20;

    /// <summary>What must have been allocated since the last collection to make one worth its pause.</summary>
    public const long BusyBytes = 64L << 20;

    /// <summary>A larger heap would stand still for so long that its links might be given up.</summary>
    public const long MaxHeapBytes = 2L << 30;

    private long _seen = allocated;
    private long _collectedAt;

    /// <summary>Looks again.</summary>
    /// <param name="allocated">The bytes allocated since the process began.</param>
    /// <param name="heap">The bytes of the heap.</param>
    /// <returns>Whether a collection is due; taken as done.</returns>
    public bool IsCollectionDue(long allocated, long heap)
    {
        var isQuiet = allocated - _seen <= QuietBytes;
        _seen = allocated;
        if (!isQuiet || allocated - _collectedAt < BusyBytes || heap > MaxHeapBytes)
        {
            return false;
        }

        _collectedAt = allocated;
        return true;
    }
}
