namespace OrleansStore.Buckets.Replicas;

/// <summary>Something a client wants of a bucket. Immutable.</summary>
/// <param name="Deadline">When the client stops waiting, by the clock of this process. A request whose time is up is dropped before it is proposed.</param>
public abstract record BucketRequest(MonotonicTime Deadline);
