namespace OrleansStore.Verification;

/// <summary>What a store is checked for: each by a checker of this project, but for <see cref="Liveness"/>, which whoever runs the store must wait for.</summary>
public enum VerifiedProperty
{
    /// <summary>Clients see one copy of the data.</summary>
    Linearizability = 1,

    /// <summary>A bucket's revisions rise in the order of real time, and no two changes share one.</summary>
    RevisionOrder = 2,

    /// <summary>A term has at most one leader (Raft figure 3, election safety).</summary>
    LeaderPerTerm = 3,

    /// <summary>Two logs that hold an entry of one index and term are equal up to it (Raft figure 3, log matching).</summary>
    LogMatching = 4,

    /// <summary>Equal applied index, equal state (Raft figure 3, state machine safety).</summary>
    StateEquality = 5,

    /// <summary>What is committed, or was acknowledged to a client, is durable on a quorum.</summary>
    QuorumDurability = 6,

    /// <summary>A request takes effect at most once, only if its answers allow it, and every answer about its outcome is true.</summary>
    AtMostOnce = 7,

    /// <summary>At no moment two replicas of a bucket may serve reads without asking others.</summary>
    LeaseExclusion = 8,

    /// <summary>Epochs, terms, revisions, commit and applied indexes only rise.</summary>
    Progress = 9,

    /// <summary>The change history has every revision once, with equal content everywhere.</summary>
    ChangeHistory = 10,

    /// <summary>What storage gives back is what was written, and all of what it acknowledged.</summary>
    Recovery = 11,

    /// <summary>A log's prefix is dropped only when a durable snapshot covers it.</summary>
    Truncation = 12,

    /// <summary>A healthy store answers, takes in the members it should have, and lets idle buckets sleep.</summary>
    Liveness = 13,
}
