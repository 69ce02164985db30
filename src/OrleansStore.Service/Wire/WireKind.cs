namespace OrleansStore.Service.Wire;

/// <summary>What a payload between datacenters holds. The values stand on the wire: append only, 0 is never valid.</summary>
public enum WireKind : byte
{
    /// <summary>A message between two replicas of a bucket's Raft group: <see cref="RaftCodec"/>.</summary>
    Raft = 1,

    /// <summary>A request that a router forwards to a replica in another datacenter: <see cref="ForwardedRequestCodec"/>.</summary>
    Request = 2,

    /// <summary>The end of such a request: <see cref="ForwardedReplyCodec"/>.</summary>
    Reply = 3,

    /// <summary>A leader announces a snapshot: <see cref="SnapshotTransferCodec"/>.</summary>
    SnapshotOffer = 4,

    /// <summary>A piece of an announced snapshot: <see cref="SnapshotTransferCodec"/>.</summary>
    SnapshotChunk = 5,

    /// <summary>How far the receiver of a snapshot is: <see cref="SnapshotTransferCodec"/>.</summary>
    SnapshotProgress = 6,

    /// <summary>The heartbeats of many buckets, or the answers to them: <see cref="HeartbeatsCodec"/>.</summary>
    Heartbeats = 7,
}
