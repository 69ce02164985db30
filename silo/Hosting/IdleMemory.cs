namespace OrleansStore.Silo.Hosting;

/// <summary>Gives memory back to the operating system when the process has come to rest: a runtime that allocates nothing collects nothing, and keeps what its last busy hour took.</summary>
internal sealed class IdleMemory : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // Less than this in an interval is rest: timers, heartbeats, a probe now and then.
    private const long QuietBytes = 8L << 20;

    // What must have been allocated since the last time to make a collection worth its pause.
    private const long BusyBytes = 64L << 20;

    // A larger heap would stand still for so long that its links might be given up.
    private const long MaxHeapBytes = 2L << 30;

    private readonly ITimer _timer;
    private long _seen = GC.GetTotalAllocatedBytes();
    private long _collectedAt;

    /// <param name="time">Paces the looks.</param>
    public IdleMemory(TimeProvider time) => _timer = time.CreateTimer(_ => Look(), null, Interval, Interval);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        var recent = allocated - _seen;
        _seen = allocated;
        if (recent <= QuietBytes && allocated - _collectedAt >= BusyBytes && GC.GetTotalMemory(forceFullCollection: false) <= MaxHeapBytes)
        {
            _collectedAt = allocated;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
