namespace OrleansStore.Buckets.Replicas;

/// <summary>A new due time of a bucket.</summary>
/// <param name="At">When it wants to be woken; null for never.</param>
public readonly record struct DueTimeChange(WallTime? At);
