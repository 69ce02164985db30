namespace OrleansStore.Http.Bodies;

/// <summary>A bound on the bytes of request bodies held at one time (invariant 10). Safe for concurrent use.</summary>
/// <param name="capacity">The bound, in bytes.</param>
internal sealed class BodyBudget(long capacity)
{
    private long _used;

    /// <summary>The bytes held now.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Takes bytes of the budget.</summary>
    /// <returns>False, and nothing is taken, where they would exceed it.</returns>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= capacity)
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes) => Interlocked.Add(ref _used, -bytes);
}
