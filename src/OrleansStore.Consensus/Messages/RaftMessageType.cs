namespace OrleansStore.Consensus.Messages;

/// <summary>What a <see cref="RaftMessage"/> says. The values stand on the wire: append only, 0 is never valid.</summary>
public enum RaftMessageType : byte
{
    /// <summary>Would you vote for me? (Raft thesis, section 9.6)</summary>
    PreVote = 1,

    /// <summary>The answer to <see cref="PreVote"/>.</summary>
    PreVoteResponse = 2,

    /// <summary>Vote for me (RequestVote, Raft figure 2).</summary>
    Vote = 3,

    /// <summary>The answer to <see cref="Vote"/>.</summary>
    VoteResponse = 4,

    /// <summary>Append these entries (AppendEntries, Raft figure 2).</summary>
    Append = 5,

    /// <summary>The answer to <see cref="Append"/> and <see cref="InstallSnapshot"/>: the entries are durable, or they did not fit.</summary>
    AppendResponse = 6,

    /// <summary>I lead this term. Carries the read round to confirm.</summary>
    Heartbeat = 7,

    /// <summary>The answer to <see cref="Heartbeat"/>.</summary>
    HeartbeatResponse = 8,

    /// <summary>Replace your log by this snapshot (InstallSnapshot, Raft section 7).</summary>
    InstallSnapshot = 9,

    /// <summary>Campaign at once (leadership transfer, Raft thesis section 3.10).</summary>
    TimeoutNow = 10,

    /// <summary>A follower hands proposals to the leader.</summary>
    Propose = 11,

    /// <summary>A member asks the leader for a read index (Raft thesis, section 6.4).</summary>
    ReadIndex = 12,

    /// <summary>The answer to <see cref="ReadIndex"/>.</summary>
    ReadIndexResponse = 13,

    /// <summary>A follower hands a request for leadership transfer to the leader; <see cref="RaftMessage.From"/> is the replica that shall lead.</summary>
    TransferLeadership = 14,

    /// <summary>The group is idle: forget your vote promise to me and go to sleep at this index.</summary>
    Hibernate = 15,

    /// <summary>The answer to <see cref="Hibernate"/>.</summary>
    HibernateResponse = 16,
}
