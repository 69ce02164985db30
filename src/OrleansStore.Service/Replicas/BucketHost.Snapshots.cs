using OrleansStore.Buckets.Replicas;
using OrleansStore.Consensus;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <content>Snapshots of this bucket, on their way to disk and to other datacenters.</content>
internal sealed partial class BucketHost
{
    // The newest durable snapshot, which can be sent; null where there is none.
    private SnapshotDescriptor? _sendable;

    public SnapshotDescriptor? Sendable => _sendable;

    private void ProcessSnapshot(BucketReplica replica, ReplicaTime time, HostInput input)
    {
        switch (input)
        {
            case HostInput.Snapshotted { Snapshot: { } saved, Metadata: var ordered } when saved.Metadata.Index == ordered.Index:
                _sendable = saved;
                replica.CompleteSnapshot(time, new RaftSnapshot(saved.Metadata, saved.Metadata.Index.Value));
                break;
            case HostInput.Snapshotted:
                // It was not taken, or a snapshot received from the leader overtook it on the disk: that one comes by its own way.
                replica.AbandonSnapshot(time);
                break;
            case HostInput.Unneeded unneeded when MaySpeak:
                replica.DeclineSnapshot(time, unneeded.Content);
                break;
            case HostInput.Received received:
                _sendable = received.Snapshot;
                replica.ReceiveSnapshot(time, received.Content, received.State);
                break;
            case HostInput.Sent sent when sent.Term == replica.Status.Term:
                replica.ReportSnapshot(time, sent.Peer, sent.IsDelivered);
                break;
            default:
                break;
        }
    }
}
