namespace OrleansStore.Service.Routing.Sessions;

/// <summary>The sessions of this router with all buckets, each made at first use. Safe for concurrent use.</summary>
internal sealed class SessionPools(int bucketCount, RouterOptions options, IRandomSource random, RouterMetrics metrics)
{
    private readonly SessionPool?[] _pools = new SessionPool?[bucketCount];

    public SessionPool Of(BucketId bucket)
    {
        ref var pool = ref _pools[bucket.Number];
        if (Volatile.Read(ref pool) is { } existing)
        {
            return existing;
        }

        var created = new SessionPool(options, random, metrics);
        return Interlocked.CompareExchange(ref pool, created, null) ?? created;
    }
}
