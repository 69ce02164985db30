using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>What is decoded is what was encoded, member for member, and survives the buffer it was decoded from.</summary>
[Trait("Category", "Property")]
public sealed class RoundTripTests
{
    [Fact]
    public void RaftMessage_IsUnchanged_WhenSent() => WireRandom.ForEachSeed(4000, random =>
    {
        var (bucket, epoch, message) = (RandomMessages.Bucket(random), RandomMessages.Epoch(random), RandomMessages.Raft(random));
        var payload = Payloads.Encode(bucket, epoch, message);
        Assert.Equal(new PayloadHeader(WireKind.Raft, bucket, epoch), PayloadHeader.Read(payload));
        var decoded = RaftCodec.Decode(payload);
        payload.AsSpan().Fill(0xEE);
        Assert.Equal(WireText.Of(message), WireText.Of(decoded));
    });

    [Fact]
    public void ForwardedRequest_IsUnchanged_WhenSent() => WireRandom.ForEachSeed(4000, random =>
    {
        var request = RandomForwards.Request(random);
        var payload = Payloads.Encode(request);
        Assert.Equal(new PayloadHeader(WireKind.Request, request.Bucket, request.Epoch), PayloadHeader.Read(payload));
        var decoded = ForwardedRequestCodec.Decode(payload, Payloads.Now);
        payload.AsSpan().Fill(0xEE);
        Assert.Equal(WireText.Of(request), WireText.Of(decoded));
    });

    [Fact]
    public void ForwardedReply_IsUnchanged_WhenSent() => WireRandom.ForEachSeed(4000, random =>
    {
        var reply = RandomForwards.Reply(random);
        var payload = Payloads.Encode(reply);
        Assert.Equal(new PayloadHeader(WireKind.Reply, reply.Bucket, reply.Epoch), PayloadHeader.Read(payload));
        var decoded = ForwardedReplyCodec.Decode(payload);
        payload.AsSpan().Fill(0xEE);
        Assert.Equal(WireText.Of(reply), WireText.Of(decoded));
    });

    [Fact]
    public void SnapshotTransfer_IsUnchanged_WhenSent() => WireRandom.ForEachSeed(2000, random =>
    {
        var (offer, chunk, progress) = (RandomMessages.Offer(random), RandomMessages.Chunk(random), RandomMessages.Progress(random));
        var payload = Payloads.Encode(offer);
        Assert.Equal(new PayloadHeader(WireKind.SnapshotOffer, offer.Snapshot.Bucket, offer.Epoch), PayloadHeader.Read(payload));
        Assert.Equal(WireText.Of(offer), WireText.Of(SnapshotTransferCodec.DecodeOffer(payload)));
        payload = Payloads.Encode(chunk);
        Assert.Equal(new PayloadHeader(WireKind.SnapshotChunk, chunk.Bucket, chunk.Epoch), PayloadHeader.Read(payload));
        var decoded = SnapshotTransferCodec.DecodeChunk(payload);
        payload.AsSpan().Fill(0xEE);
        Assert.Equal(WireText.Of(chunk), WireText.Of(decoded));
        payload = Payloads.Encode(progress);
        Assert.Equal(new PayloadHeader(WireKind.SnapshotProgress, progress.Bucket, progress.Epoch), PayloadHeader.Read(payload));
        Assert.Equal(progress, SnapshotTransferCodec.DecodeProgress(payload));
    });

    [Fact]
    public void Heartbeats_AreUnchanged_WhenSent() => WireRandom.ForEachSeed(2000, random =>
    {
        var type = random.Chance(50) ? RaftMessageType.Heartbeat : RaftMessageType.HeartbeatResponse;
        var (epoch, from, to) = (RandomMessages.Epoch(random), RandomMessages.Replica(random), RandomMessages.Replica(random));
        var heartbeats = RandomMessages.Heartbeats(random, type);
        var payload = Payloads.Encode(epoch, type, from, to, heartbeats);
        Assert.Equal(new PayloadHeader(WireKind.Heartbeats, default, epoch), PayloadHeader.Read(payload));
        Assert.InRange(payload.Length, 1, WireLimits.MaxControlForwardBytes);
        var decoded = new List<BucketHeartbeat>();
        Assert.Equal((type, from, to), HeartbeatsCodec.Decode(payload, decoded));
        Assert.Equal(heartbeats, decoded);
    });

    [Fact]
    public void Heartbeat_IsTheMessageThatConsensusSent_WhenTakenOutOfItsBatch() => WireRandom.ForEachSeed(2000, random =>
    {
        var message = RandomMessages.Raft(random);
        if (message.Type is RaftMessageType.Heartbeat or RaftMessageType.HeartbeatResponse)
        {
            // The fields that these two types use; what they leave empty does not travel.
            var used = new RaftMessage
            {
                Type = message.Type,
                From = message.From,
                To = message.To,
                Term = message.Term,
                Commit = message.Type == RaftMessageType.Heartbeat ? message.Commit : LogIndex.None,
                Context = message.Context,
                SentAt = message.SentAt,
            };
            var heartbeat = new BucketHeartbeat(RandomMessages.Bucket(random), used.Term, used.Commit, used.Context, used.SentAt);
            Assert.Equal(WireText.Of(used), WireText.Of(heartbeat.ToMessage(used.Type, used.From, used.To)));
        }
    });

    [Fact]
    public void Entries_ShareOneCopy_WhenDecoded()
    {
        var message = GoldenPayloads.Append;
        var decoded = RaftCodec.Decode(Payloads.Encode(new BucketId(3), new Epoch(1), message));
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(decoded.Entries.Span[0].Data, out var first));
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(decoded.Entries.Span[1].Data, out var second));
        Assert.Same(first.Array, second.Array);
    }
}
