namespace OrleansStore.Service.Engine;

/// <summary>How far a call to a replica came.</summary>
public enum CallStatus
{
    /// <summary>The replica answered.</summary>
    Answered = 1,

    /// <summary>The request provably did not reach a replica: it changed nothing and can be sent elsewhere.</summary>
    NotSent = 2,

    /// <summary>The request may have reached a replica, and no answer will come: the link broke, or the time is up. A write's outcome is unknown
    /// (invariant 5).</summary>
    Lost = 3,
}
