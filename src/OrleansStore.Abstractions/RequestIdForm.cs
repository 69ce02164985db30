namespace OrleansStore;

/// <summary>The kinds of <see cref="RequestId"/>. The values stand in logs and on the wire: append only, 0 is never valid.</summary>
public enum RequestIdForm : byte
{
    /// <summary>No identity: a retry would be another request. For the store's own use.</summary>
    None = 1,

    /// <summary>A session and a sequence number in it.</summary>
    Session = 2,

    /// <summary>An idempotency key that a caller chose.</summary>
    Opaque = 3,
}
