using System.Runtime.InteropServices;
using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Replicas;

/// <content>What other datacenters send.</content>
public sealed partial class BucketSilo
{
    // Requests of others that wait here for the answer of a third datacenter (invariant 10).
    private const int MaxPassingOn = 4096;
    private int _passingOn;

    /// <inheritdoc/>
    public void OnPayload(DatacenterId from, LinkClass linkClass, ReadOnlySpan<byte> payload)
    {
        if (_storage is null)
        {
            return;
        }

        try
        {
            Dispatch(from, PayloadHeader.Read(payload), payload);
        }
        catch (Exception reason) when (reason is CorruptionException or UnknownPayloadException)
        {
            // Invariant 12: bytes that are not what they should be are not used. The frame was whole, so a peer of another version, or a bug, wrote them.
            LogBadPayload(from, reason);
        }
    }

    /// <inheritdoc/>
    void IPeerHandler.OnBatchEnd() => _received.Start();

    /// <inheritdoc/>
    public void OnLinkChanged(DatacenterId peer, LinkState state)
    {
        if (state == LinkState.Up)
        {
            return;
        }

        LookAround();
        LoseCallsTo(peer);
        EndReceptionsFrom(peer);
        PostToActive(new HostInput.PeerLost(peer));
    }

    private void Dispatch(DatacenterId from, PayloadHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Kind)
        {
            case WireKind.Raft:
                OnRaftMessage(from, header.Bucket, RaftCodec.Decode(payload));
                break;
            case WireKind.Heartbeats:
                OnHeartbeats(from, payload);
                break;
            case WireKind.Request:
                OnRequest(from, ForwardedRequestCodec.Decode(payload, Now));
                break;
            case WireKind.Reply:
                OnReply(from, ForwardedReplyCodec.Decode(payload));
                break;
            case WireKind.SnapshotOffer:
                OnOffer(from, SnapshotTransferCodec.DecodeOffer(payload));
                break;
            case WireKind.SnapshotChunk:
                var chunk = SnapshotTransferCodec.DecodeChunk(payload);
                OnChunk(from, chunk.Bucket, chunk.TransferId, chunk.Offset, chunk.Bytes);
                break;
            default:
                var progress = SnapshotTransferCodec.DecodeProgress(payload);
                OnProgress(from, progress.Bucket, progress.TransferId, progress.NextOffset, progress.Status);
                break;
        }
    }

    private void OnRaftMessage(DatacenterId from, BucketId bucket, in RaftMessage message)
    {
        // Invariant 12: the connection has proved who is at its other end, and an incarnation that is gone must not be listened to.
        if (message.Type != RaftMessageType.InstallSnapshot && IsFrom(from, message) && HostOf(bucket) is { } host && message.To == host.Id)
        {
            host.Post(new HostInput.Message(message), _received);
        }
    }

    private void OnHeartbeats(DatacenterId from, ReadOnlySpan<byte> payload)
    {
        var heartbeats = Messenger.RentHeartbeats();
        var (type, sender, recipient) = HeartbeatsCodec.Decode(payload, heartbeats);
        if (sender == Members.Current(from))
        {
            var answers = Messenger.RentBatch();
            foreach (ref readonly var heartbeat in CollectionsMarshal.AsSpan(heartbeats))
            {
                if (HostOf(heartbeat.Bucket) is { } host && recipient == host.Id)
                {
                    host.Receive(heartbeat.ToMessage(type, sender, recipient), answers);
                }
            }

            Messenger.SendBatch(answers);
        }

        Messenger.Return(heartbeats);
    }

    // What members hand to their leader keeps the name of its first sender.
    private bool IsFrom(DatacenterId from, in RaftMessage message) =>
        message.From == Members.Current(from)
        || message.Type is RaftMessageType.Propose or RaftMessageType.ReadIndex or RaftMessageType.TransferLeadership;

    private void OnRequest(DatacenterId from, ForwardedRequest forwarded)
    {
        var (bucket, id) = (forwarded.Bucket, forwarded.CorrelationId);
        if (forwarded.Destination != DatacenterId.None && forwarded.Destination != Local)
        {
            PassOn(from, forwarded);
            return;
        }

        if (_isStopping || forwarded.Epoch != Placement.Topology.Epoch || HostOf(bucket) is not { State: not HostState.Failed } host)
        {
            Messenger.TrySendReply(from, id, bucket, new CallResult(CallStatus.NotSent));
            return;
        }

        var isTaken = host.TryPost(new HostInput.Request(forwarded.Request, reply => Messenger.TrySendReply(
            from,
            id,
            bucket,
            reply is { Write: null, Outcome: null, Read: null, Page: null } ? new CallResult(CallStatus.Lost) : new CallResult(CallStatus.Answered, reply))));
        if (!isTaken)
        {
            Messenger.TrySendReply(from, id, bucket, new CallResult(CallStatus.Answered, Refusals.Throttled(forwarded.Request)));
        }
    }

    /// <summary>Passes a request on for a datacenter whose own link to its destination is broken (partial partition).</summary>
    private void PassOn(DatacenterId from, ForwardedRequest forwarded)
    {
        if (Interlocked.Increment(ref _passingOn) > MaxPassingOn || forwarded.Destination == from)
        {
            Interlocked.Decrement(ref _passingOn);
            Messenger.TrySendReply(from, forwarded.CorrelationId, forwarded.Bucket, new CallResult(CallStatus.NotSent));
            return;
        }

        Run(() => _ = PassOnAsync());

        async Task PassOnAsync()
        {
            var context = new RequestContext(AnswerGrace, forwarded.Principal);
            var result = await CallAsync(forwarded.Destination, forwarded.Bucket, forwarded.Request, context, CancellationToken.None);
            Interlocked.Decrement(ref _passingOn);
            Messenger.TrySendReply(from, forwarded.CorrelationId, forwarded.Bucket, result);
        }
    }

    private void OnReply(DatacenterId from, ForwardedReply reply)
    {
        if (_calls.TryGetValue(reply.CorrelationId, out var call) && call.Datacenter == from)
        {
            call.Completion.TrySetResult(reply.Result);
        }
    }
}
