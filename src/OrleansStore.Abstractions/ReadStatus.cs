namespace OrleansStore;

/// <summary>Every fate of a read. The values stand on the wire: append only, 0 is never valid.</summary>
public enum ReadStatus : byte
{
    /// <summary>The read was served.</summary>
    Found = 1,

    /// <summary>The read was served, and there is no record.</summary>
    NotFound = 2,

    /// <summary>The replica that was asked is not the leader, which a linearizable read needs.</summary>
    NotLeader = 3,

    /// <summary>No leader with a quorum, or no replica at all, could be reached in time.</summary>
    Unavailable = 4,

    /// <summary>A bound was reached; retry after a delay.</summary>
    Throttled = 5,
}
