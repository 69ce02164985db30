namespace OrleansStore;

/// <summary>Why a request or an operation of the environment failed. The values stand on the wire: append only, 0 is never valid.</summary>
/// <remarks>Codes below 100 answer requests and have a name in the REST facade; codes from 100 on are about the process and its environment.</remarks>
public enum ErrorCode
{
    /// <summary>The request is malformed. REST: <c>bad-request</c>.</summary>
    BadRequest = 1,

    /// <summary>The keys of a mini-transaction do not share a bucket. REST: <c>cross-bucket</c>.</summary>
    CrossBucket = 2,

    /// <summary>A key is empty or too long. REST: <c>key-too-large</c>.</summary>
    KeyTooLarge = 3,

    /// <summary>The key does not exist. REST: <c>not-found</c>.</summary>
    NotFound = 4,

    /// <summary>A guard did not hold; nothing changed. REST: <c>precondition-failed</c>.</summary>
    PreconditionFailed = 5,

    /// <summary>A value is too long. REST: <c>value-too-large</c>.</summary>
    ValueTooLarge = 6,

    /// <summary>The request id was used for another request. REST: <c>idempotency-mismatch</c>.</summary>
    IdempotencyMismatch = 7,

    /// <summary>The request id is older than what is remembered. REST: <c>request-expired</c>.</summary>
    RequestExpired = 8,

    /// <summary>No leader or quorum can be reached; the write was not proposed. REST: <c>unavailable</c>.</summary>
    Unavailable = 9,

    /// <summary>A bound was reached; the write was not proposed. REST: <c>throttled</c>.</summary>
    Throttled = 10,

    /// <summary>Free disk space is below the reserve; the write was not proposed. REST: <c>disk-full</c>.</summary>
    DiskFull = 11,

    /// <summary>The write was proposed and may still commit. REST: <c>outcome-unknown</c>.</summary>
    OutcomeUnknown = 12,

    /// <summary>The principal may not do this. REST: <c>forbidden</c>.</summary>
    Forbidden = 13,

    /// <summary>A write or fsync of the store's own files failed. The storage accepts nothing until the process is restarted.</summary>
    StorageFailed = 100,

    /// <summary>Another process, or another part of this one, holds the data folder.</summary>
    DataFolderInUse = 101,

    /// <summary>A file has a format version that this release does not know.</summary>
    UnsupportedFormat = 102,

    /// <summary>A file belongs to another store, datacenter or incarnation.</summary>
    IdentityMismatch = 103,

    /// <summary>A newer writer of the same replica took over.</summary>
    WriterFenced = 104,

    /// <summary>The storage was closed.</summary>
    Closed = 105,
}
