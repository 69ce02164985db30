namespace OrleansStore.Consensus.Messages;

/// <summary>One message between the replicas of a group. Fields that a type does not use are default.</summary>
/// <remarks>A struct with plain fields: a message is created per append and heartbeat and must not cost an allocation.</remarks>
public readonly record struct RaftMessage
{
    /// <summary>What the message says.</summary>
    public required RaftMessageType Type { get; init; }

    /// <summary>The sender.</summary>
    public ReplicaId From { get; init; }

    /// <summary>The recipient. A message to the sender itself stands for a promise to itself that counts once it is durable.</summary>
    public ReplicaId To { get; init; }

    /// <summary>The sender's term. For <see cref="RaftMessageType.PreVote"/> and its granted answer the term the candidate would move to;
    /// 0 for the requests that members forward to their leader.</summary>
    public Term Term { get; init; }

    /// <summary><see cref="RaftMessageType.Append"/>: the entry before <see cref="Entries"/>. Votes: the candidate's last entry.
    /// <see cref="RaftMessageType.AppendResponse"/>: the last entry that is durable and matches, or, if rejected, the one that was missing.
    /// <see cref="RaftMessageType.ReadIndexResponse"/>: the read index. <see cref="RaftMessageType.Hibernate"/> and its answer: the last entry.</summary>
    public LogIndex Index { get; init; }

    /// <summary>The term of the entry at <see cref="Index"/>; in a rejecting <see cref="RaftMessageType.AppendResponse"/> that of the entry at <see cref="RejectHint"/>.</summary>
    public Term LogTerm { get; init; }

    /// <summary>The leader's commit index; in a heartbeat no more than what the recipient is known to hold. Votes and their answers: that of the sender.</summary>
    public LogIndex Commit { get; init; }

    /// <summary>Whether a request is refused.</summary>
    public bool Reject { get; init; }

    /// <summary>In a rejecting <see cref="RaftMessageType.AppendResponse"/>: the largest index at which the logs may agree.</summary>
    public LogIndex RejectHint { get; init; }

    /// <summary>Heartbeats: the read round to confirm. <see cref="RaftMessageType.ReadIndex"/> and its answer: the caller's request id. Votes and their answers:
    /// the term of the entry at <see cref="Commit"/>.</summary>
    public ulong Context { get; init; }

    /// <summary>Votes: a leader asked for this election itself and holds no lease any more, so promises to it do not count.</summary>
    public bool IsTransfer { get; init; }

    /// <summary>Messages from the leader: when it sent this, by its own clock. Answers carry it back; nobody else interprets it.</summary>
    public MonotonicTime SentAt { get; init; }

    /// <summary>The entries to append, or the proposals that are forwarded (with term and index 0).</summary>
    public ReadOnlyMemory<Entry> Entries { get; init; }

    /// <summary><see cref="RaftMessageType.InstallSnapshot"/>: the snapshot; null in all other types.</summary>
    public RaftSnapshot? Snapshot { get; init; }

    /// <summary>Whether this is an answer, which only a member of the group may give.</summary>
    public bool IsResponse => Type is RaftMessageType.PreVoteResponse or RaftMessageType.VoteResponse or RaftMessageType.AppendResponse
        or RaftMessageType.HeartbeatResponse or RaftMessageType.HibernateResponse;

    /// <summary>Whether only the leader of <see cref="Term"/> sends this type, so that it names the leader.</summary>
    public bool IsFromLeader => Type is RaftMessageType.Append or RaftMessageType.Heartbeat or RaftMessageType.InstallSnapshot
        or RaftMessageType.Hibernate;
}
