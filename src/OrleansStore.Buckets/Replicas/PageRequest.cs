namespace OrleansStore.Buckets.Replicas;

/// <summary>A read of a page of this bucket's records in key order.</summary>
/// <param name="Scan">The range, the bounds of the page and the consistency.</param>
/// <param name="Deadline">When the client stops waiting.</param>
public sealed record PageRequest(ScanRequest Scan, MonotonicTime Deadline) : BucketRequest(Deadline);
