namespace OrleansStore.Buckets.Replicas;

/// <summary>Why a request is sent back untouched.</summary>
internal enum Refusal
{
    /// <summary>Another replica leads, or this one stopped leading.</summary>
    NotLeader = 1,

    /// <summary>No leader was found in time.</summary>
    Unavailable = 2,

    /// <summary>A bound was reached.</summary>
    Throttled = 3,
}

/// <summary>The refusal in the words of each kind of request.</summary>
internal static class RefusalStatuses
{
    public static WriteStatus ForWrite(this Refusal refusal) => refusal switch
    {
        Refusal.NotLeader => WriteStatus.NotLeader,
        Refusal.Throttled => WriteStatus.Throttled,
        _ => WriteStatus.Unavailable,
    };

    public static ReadStatus ForRead(this Refusal refusal) => refusal switch
    {
        Refusal.NotLeader => ReadStatus.NotLeader,
        Refusal.Throttled => ReadStatus.Throttled,
        _ => ReadStatus.Unavailable,
    };

    public static OutcomeStatus ForOutcome(this Refusal refusal) => refusal switch
    {
        Refusal.NotLeader => OutcomeStatus.NotLeader,
        Refusal.Throttled => OutcomeStatus.Throttled,
        _ => OutcomeStatus.Unavailable,
    };
}
