namespace OrleansStore.Verification.Invariants;

/// <summary>A change in a bucket's history that a request made.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Revision">The revision of the change.</param>
/// <param name="Mark">What the request is recognised by; not 0.</param>
public readonly record struct EffectSeen(BucketId Bucket, Revision Revision, ulong Mark);
