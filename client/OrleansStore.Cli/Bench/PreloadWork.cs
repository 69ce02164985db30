namespace OrleansStore.Cli.Bench;

/// <summary>The keys that are still to be written. Safe for concurrent use.</summary>
internal sealed class PreloadWork(int keyCount)
{
    private int _next = -1;
    private int _done;
    private string? _error;

    /// <summary>How many keys were written.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Why it ended before all were written; null while it has not.</summary>
    public string? Error => Volatile.Read(ref _error);

    public bool HasFailed => Error is not null;

    /// <summary>A key that nobody else has; null where all are taken.</summary>
    public int? Take() => Interlocked.Increment(ref _next) is var key && key < keyCount && key >= 0 ? key : null;

    public void Finish() => Interlocked.Increment(ref _done);

    /// <summary>Ends the work of everybody.</summary>
    public void Fail(string error) => Interlocked.CompareExchange(ref _error, error, null);
}
