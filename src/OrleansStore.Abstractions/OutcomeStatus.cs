namespace OrleansStore;

/// <summary>What an outcome query found. The values stand on the wire: append only, 0 is never valid.</summary>
public enum OutcomeStatus : byte
{
    /// <summary>The request took effect; <see cref="OutcomeResult.Result"/> is its first answer.</summary>
    Applied = 1,

    /// <summary>The request was decided and changed nothing (a guard failed, or there was nothing to delete); <see cref="OutcomeResult.Result"/> is its first answer.</summary>
    Rejected = 2,

    /// <summary>The request has not happened, and from now on every copy of it is refused.</summary>
    NeverApplied = 3,

    /// <summary>The bucket no longer knows: the request was acknowledged as answered, or its session or window has ended. A late copy of a session's request is refused.</summary>
    Expired = 4,

    /// <summary>A bound was reached; nothing was settled. Ask again after a delay.</summary>
    Throttled = 5,

    /// <summary>The replica that was asked is not the leader; nothing was settled. Ask the leader.</summary>
    NotLeader = 6,

    /// <summary>No leader with a quorum could be reached; nothing was settled.</summary>
    Unavailable = 7,

    /// <summary>The query itself got no answer in time. Asking again is harmless.</summary>
    Unknown = 8,
}
