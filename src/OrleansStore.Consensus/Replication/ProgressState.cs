namespace OrleansStore.Consensus.Replication;

/// <summary>How a leader sends to one follower.</summary>
public enum ProgressState
{
    /// <summary>Where the follower's log ends is not known: one append at a time until it answers.</summary>
    Probe = 1,

    /// <summary>The follower's log is known to match: appends are pipelined within the window.</summary>
    Replicate = 2,

    /// <summary>The follower needs entries that the leader no longer has: a snapshot is on its way and nothing is appended meanwhile.</summary>
    Snapshot = 3,
}
