namespace OrleansStore.Consensus;

/// <summary>Tells the core which snapshot it can send to a follower that needs entries the log no longer has.</summary>
public interface ISnapshotSource
{
    /// <summary>The newest durable snapshot; it is never older than what the log was compacted to. Null while none can be sent now: the core
    /// asks again when the follower is next heard of.</summary>
    RaftSnapshot? Latest { get; }
}
