using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;
using OrleansStore.Diagnostics;
using OrleansStore.Storage;

namespace OrleansStore.Service.Wire;

/// <summary>A leader announces a snapshot: what is to come, and the install-snapshot message that the receiver's consensus gets once it has all of it. Immutable.</summary>
/// <param name="Epoch">The sender's topology epoch; not <see cref="Epoch.None"/>.</param>
/// <param name="TransferId">The sender's, for chunks and progress of this transfer; never used by it for another one.</param>
/// <param name="Snapshot">What the sender's own store says of the snapshot; its place in the log is not empty and its length is above 0.</param>
/// <param name="From">The leader.</param>
/// <param name="To">The recipient.</param>
/// <param name="Term">The leader's term; at least the snapshot's.</param>
/// <param name="SentAt">When the leader's consensus sent the message, by its own clock.</param>
public sealed record SnapshotOffer(
    Epoch Epoch, ulong TransferId, SnapshotDescriptor Snapshot, ReplicaId From, ReplicaId To, Term Term, MonotonicTime SentAt)
{
    /// <summary>Makes the offer that stands for a message of consensus.</summary>
    /// <param name="epoch">The topology epoch.</param>
    /// <param name="transferId">The id of the transfer.</param>
    /// <param name="snapshot">What is sent: the snapshot of the message, or a newer one of the same term or before.</param>
    /// <param name="message">Of type <see cref="RaftMessageType.InstallSnapshot"/>.</param>
    public static SnapshotOffer For(Epoch epoch, ulong transferId, SnapshotDescriptor snapshot, in RaftMessage message)
    {
        Invariant.Check(message.Type == RaftMessageType.InstallSnapshot, $"{message.Type} announces no snapshot");
        return new SnapshotOffer(epoch, transferId, snapshot, message.From, message.To, message.Term, message.SentAt);
    }

    /// <summary>The message for the receiver's consensus.</summary>
    /// <param name="durable">What the receiver has durably: the announced snapshot, or a newer one that it turned out to have already.</param>
    /// <param name="handle">The receiver's own handle of it.</param>
    public RaftMessage ToMessage(SnapshotMetadata durable, ulong handle) => new()
    {
        Type = RaftMessageType.InstallSnapshot,
        From = From,
        To = To,
        Term = Term,
        SentAt = SentAt,
        Snapshot = new RaftSnapshot(durable, handle),
    };
}
