namespace OrleansStore.Service.Wire;

/// <summary>Which <see cref="Buckets.Replicas.BucketRequest"/> is forwarded. The values stand on the wire: append only, 0 is never valid.</summary>
internal enum RequestKind : byte
{
    Write = 1,
    Outcome = 2,
    Read = 3,
    Page = 4,

    /// <summary>A write whose rejection is to be remembered.</summary>
    RememberedWrite = 5,
}
