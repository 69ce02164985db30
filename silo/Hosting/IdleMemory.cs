namespace OrleansStore.Silo.Hosting;

/// <summary>Gives memory back to the operating system when the process has come to rest: a runtime that allocates nothing collects nothing, and keeps what its last busy hour took.</summary>
internal sealed class IdleMemory : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly RestDetector _rest = new(GC.GetTotalAllocatedBytes());
    private readonly ITimer _timer;

    /// <param name="time">Paces the looks.</param>
    public IdleMemory(TimeProvider time) => _timer = time.CreateTimer(_ => Look(), null, Interval, Interval);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        if (_rest.IsCollectionDue(GC.GetTotalAllocatedBytes(), GC.GetTotalMemory(forceFullCollection: false)))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }
}
