using OrleansStore.Buckets.Replicas;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;
using OrleansStore.Storage;

namespace OrleansStore.Service.Replicas;

/// <summary>Something that waits in the mailbox of a bucket.</summary>
internal abstract record HostInput
{
    /// <summary>Whether it wakes a bucket that is not in memory. Ticks, link changes and late completions do not.</summary>
    public virtual bool Wakes => false;

    public sealed record Request(BucketRequest Content, Action<BucketReply> Reply) : HostInput
    {
        public override bool Wakes => true;
    }

    public sealed record Message(RaftMessage Content) : HostInput
    {
        public override bool Wakes => true;
    }

    /// <summary>A snapshot was announced that is no newer than what is committed here.</summary>
    public sealed record Unneeded(RaftMessage Content) : HostInput
    {
        public override bool Wakes => true;
    }

    public sealed record Received(RaftMessage Content, SnapshotDescriptor Snapshot, BucketState State) : HostInput;

    public sealed record Due : HostInput
    {
        public override bool Wakes => true;
    }

    /// <summary>The process is about to stop: somebody else shall lead.</summary>
    public sealed record Resign : HostInput;

    /// <summary>The bucket shall not be in the memory of this process any more, whatever it does.</summary>
    public sealed record Leave(TaskCompletionSource Done) : HostInput;

    public sealed record Tick : HostInput
    {
        public static readonly Tick Instance = new();
    }

    public sealed record Completed(AppendCompletion Completion) : HostInput;

    public sealed record Fenced(WriterEpoch Writer) : HostInput;

    public sealed record Capacity : HostInput;

    public sealed record Snapshotted(SnapshotMetadata Metadata, SnapshotDescriptor? Snapshot) : HostInput;

    public sealed record Sent(ReplicaId Peer, Term Term, bool IsDelivered) : HostInput;

    public sealed record PeerLost(DatacenterId Datacenter) : HostInput;

    public sealed record Failed(Exception Reason) : HostInput;
}
