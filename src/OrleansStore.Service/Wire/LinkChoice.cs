using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Peers;

namespace OrleansStore.Service.Wire;

/// <summary>Which of the two connections of a datacenter pair a payload takes.</summary>
public static class LinkChoice
{
    /// <summary>The connection for a Raft message.</summary>
    /// <param name="type">A known type.</param>
    /// <remarks>Every append goes on the bulk connection, also one without entries: on the other it could overtake one with entries, be rejected for the gap, and set the leader
    /// back to probing. A snapshot message goes the same way for the same reason.</remarks>
    public static LinkClass Of(RaftMessageType type) =>
        type is RaftMessageType.Append or RaftMessageType.InstallSnapshot ? LinkClass.Bulk : LinkClass.Control;

    /// <summary>The connection for a payload that is no Raft message.</summary>
    /// <param name="kind">Any kind but <see cref="WireKind.Raft"/>, whose messages choose by type.</param>
    /// <param name="payloadBytes">The length of the payload. Requests and replies longer than <see cref="WireLimits.MaxControlForwardBytes"/> go on the bulk connection; nothing
    /// depends on their order.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is <see cref="WireKind.Raft"/> or unknown.</exception>
    public static LinkClass Of(WireKind kind, int payloadBytes) => kind switch
    {
        WireKind.Request or WireKind.Reply => payloadBytes > WireLimits.MaxControlForwardBytes ? LinkClass.Bulk : LinkClass.Control,
        WireKind.SnapshotOffer or WireKind.SnapshotChunk => LinkClass.Bulk,
        WireKind.SnapshotProgress or WireKind.Heartbeats => LinkClass.Control,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "The kind alone does not decide."),
    };
}
