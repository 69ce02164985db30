namespace OrleansStore.Consensus;

/// <summary>The part a replica plays in its term (Raft section 5.1).</summary>
public enum RaftRole
{
    /// <summary>Follows a leader, or waits for one.</summary>
    Follower = 1,

    /// <summary>Asks whether it could win an election, without raising its term (Raft thesis, section 9.6).</summary>
    PreCandidate = 2,

    /// <summary>Asks for votes.</summary>
    Candidate = 3,

    /// <summary>Leads the term.</summary>
    Leader = 4,
}
