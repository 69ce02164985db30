namespace OrleansStore.Buckets.Replicas;

/// <summary>A read of one record.</summary>
/// <param name="Key">The key; it is in this bucket.</param>
/// <param name="Consistency">Whether the state as it is will do.</param>
/// <param name="Deadline">When the client stops waiting.</param>
public sealed record ReadRequest(StoreKey Key, ReadConsistency Consistency, MonotonicTime Deadline) : BucketRequest(Deadline);
