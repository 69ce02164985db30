using OrleansStore.Consensus.Messages;

namespace OrleansStore.Service.Wire;

/// <summary>One bucket's part of a <see cref="HeartbeatsCodec"/> payload: a heartbeat of its leader, or the answer to one.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Term">The sender's term; never <see cref="Term.None"/>.</param>
/// <param name="Commit">Heartbeats: the leader's commit index, no more than the recipient is known to hold. Answers: <see cref="LogIndex.None"/>.</param>
/// <param name="Context">The read round to confirm, or that is confirmed; 0 for none.</param>
/// <param name="SentAt">When the leader sent the heartbeat, by its own clock.</param>
public readonly record struct BucketHeartbeat(BucketId Bucket, Term Term, LogIndex Commit, ulong Context, MonotonicTime SentAt)
{
    /// <summary>The heartbeat as the consensus of its bucket knows it.</summary>
    /// <param name="type">The type of all heartbeats of the payload.</param>
    /// <param name="from">The sender of all.</param>
    /// <param name="to">The recipient of all.</param>
    public RaftMessage ToMessage(RaftMessageType type, ReplicaId from, ReplicaId to) => new()
    {
        Type = type,
        From = from,
        To = to,
        Term = Term,
        Commit = Commit,
        Context = Context,
        SentAt = SentAt,
    };
}
