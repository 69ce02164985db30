namespace OrleansStore;

/// <summary>How a put says when its record ends. The values stand in logs and on the wire: append only, 0 is never valid.</summary>
public enum ExpiryKind : byte
{
    /// <summary>The record stays until it is deleted.</summary>
    Never = 1,

    /// <summary>A time to live, counted from the applied time of the command that puts the record.</summary>
    After = 2,

    /// <summary>A point in wall-clock time.</summary>
    At = 3,
}
