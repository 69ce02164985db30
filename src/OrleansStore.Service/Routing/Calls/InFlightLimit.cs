namespace OrleansStore.Service.Routing.Calls;

/// <summary>How many of something may be under way at a time. Safe for concurrent use.</summary>
/// <param name="max">The bound; above 0.</param>
internal sealed class InFlightLimit(int max)
{
    private int _count;

    /// <summary>How many are under way.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes a place; <see cref="Exit"/> gives it back.</summary>
    /// <returns>False, and no place is taken, if all are.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= max)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    public void Exit() => Interlocked.Decrement(ref _count);
}
