namespace OrleansStore.Service.Routing.Calls;

/// <summary>Where the leader of each bucket was last. A guess that saves a hop, never a fact. Safe for concurrent use.</summary>
/// <param name="bucketCount">The store's buckets; that number never changes.</param>
internal sealed class LeaderHints(int bucketCount)
{
    // Four bytes per bucket, and no lock: a lost update costs a redirect.
    private readonly int[] _leaders = new int[bucketCount];

    /// <summary>The datacenter that is believed to lead; <see cref="DatacenterId.None"/> for no belief.</summary>
    public DatacenterId Find(BucketId bucket) => new((ushort)Volatile.Read(ref _leaders[bucket.Number]));

    public void Learn(BucketId bucket, DatacenterId leader) => Volatile.Write(ref _leaders[bucket.Number], leader.Value);

    /// <summary>Forgets a belief that turned out wrong, unless somebody has learned better meanwhile.</summary>
    public void Drop(BucketId bucket, DatacenterId wrong) =>
        Interlocked.CompareExchange(ref _leaders[bucket.Number], DatacenterId.None.Value, wrong.Value);
}
