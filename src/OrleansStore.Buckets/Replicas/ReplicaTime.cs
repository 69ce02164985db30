namespace OrleansStore.Buckets.Replicas;

/// <summary>What the driver's clocks showed when it passed an input in.</summary>
/// <param name="Now">The monotonic clock, read after the input arrived; never goes back. Leases and deadlines compare it.</param>
/// <param name="Wall">The wall clock, with which a leader stamps commands. It may jump: applied time never goes back.</param>
public readonly record struct ReplicaTime(MonotonicTime Now, WallTime Wall);
