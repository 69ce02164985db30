namespace OrleansStore.Buckets.Replicas;

/// <summary>A question what became of a write, which settles it (invariant 5).</summary>
/// <param name="RequestId">The write.</param>
/// <param name="FirstSent">When its first copy was sent, by the asker's clock; null if the asker does not know.</param>
/// <param name="Deadline">When the client stops waiting.</param>
public sealed record OutcomeRequest(RequestId RequestId, WallTime? FirstSent, MonotonicTime Deadline) : BucketRequest(Deadline);
