namespace OrleansStore;

/// <summary>Every fate of a write. The values stand in logs, snapshots and on the wire: append only, 0 is never valid.</summary>
public enum WriteStatus : byte
{
    /// <summary>The write is committed and applied.</summary>
    Applied = 1,

    /// <summary>A guard did not hold; <see cref="WriteResult.FailedGuard"/> names it. Nothing changed.</summary>
    PreconditionFailed = 2,

    /// <summary>The replica that was asked is not the leader. Nothing changed; retry at the leader.</summary>
    NotLeader = 3,

    /// <summary>The write may or may not take effect. Retry only with the same request id, or ask for the outcome.</summary>
    OutcomeUnknown = 4,

    /// <summary>All operations were deletes and none of their keys had a record. Nothing changed.</summary>
    NotFound = 5,

    /// <summary>The request id lies outside of what the bucket remembers: it was answered and acknowledged before, or its session has ended.
    /// This copy changed nothing; whether an earlier one did can no longer be told.</summary>
    RequestExpired = 6,

    /// <summary>The request id was used before for a request with another content. Nothing changed.</summary>
    IdempotencyMismatch = 7,

    /// <summary>A bound was reached. This copy of the request changed nothing; retry with the same id after a delay. A sender that has another
    /// copy under way must not take this for the fate of the request.</summary>
    Throttled = 8,

    /// <summary>An outcome query came first and settled that the request never happens. Nothing changed, and no copy of it ever will.</summary>
    NeverApplied = 9,

    /// <summary>The write was not proposed because no leader with a quorum could be reached. Nothing changed.</summary>
    Unavailable = 10,

    /// <summary>The write was not proposed because the disk reserve is used up. Nothing changed.</summary>
    DiskFull = 11,
}
