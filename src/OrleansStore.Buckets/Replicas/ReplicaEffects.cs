using OrleansStore.Consensus.Messages;

namespace OrleansStore.Buckets.Replicas;

/// <summary>What a <see cref="BucketReplica"/> asks its driver to do. The driver takes the contents out after each input and clears them.</summary>
public sealed class ReplicaEffects
{
    /// <summary>Messages to other replicas that may leave at once.</summary>
    public List<RaftMessage> Messages { get; } = [];

    /// <summary>Writes, in order.</summary>
    public List<ReplicaWrite> Writes { get; } = [];

    /// <summary>Answers to requests.</summary>
    public List<BucketReply> Replies { get; } = [];

    /// <summary>A snapshot to take; null for none.</summary>
    public SnapshotOrder? Snapshot { get; internal set; }

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => Messages.Count == 0 && Writes.Count == 0 && Replies.Count == 0 && Snapshot is null;

    /// <summary>Empties all lists.</summary>
    public void Clear()
    {
        Messages.Clear();
        Writes.Clear();
        Replies.Clear();
        Snapshot = null;
    }
}
