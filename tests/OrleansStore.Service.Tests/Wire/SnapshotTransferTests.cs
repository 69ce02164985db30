using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;
using OrleansStore.Diagnostics;
using OrleansStore.Service.Wire;
using OrleansStore.Storage;

namespace OrleansStore.Service.Tests.Wire;

[Trait("Category", "Unit")]
public sealed class SnapshotTransferTests
{
    private static readonly SnapshotChunk Chunk = new(GoldenPayloads.Bucket, GoldenPayloads.Epoch, 0x0102, 300, "abc"u8.ToArray());
    private static readonly SnapshotProgress Progress = new(GoldenPayloads.Bucket, GoldenPayloads.Epoch, 0x0102, 300, SnapshotTransferStatus.Complete);

    [Fact]
    public void Offer_HasGoldenBytes()
    {
        const string golden = "04010300000000000000" + "0700000000000000" + "0201000000000000" + "0500000000000100" + "0600000000000200" + "04" + "E803000000000000" + "2A" + "AC02" +
            "C80103" + "01" + "02" + "0500000000000100" + "0600000000000200" + "01" + "0500000000000100" + "00" + "00";
        Assert.Equal(golden, Convert.ToHexString(Payloads.Encode(GoldenPayloads.Offer)));
        Assert.Equal(WireText.Of(GoldenPayloads.Offer), WireText.Of(SnapshotTransferCodec.DecodeOffer(Convert.FromHexString(golden))));
    }

    [Fact]
    public void Chunk_HasGoldenBytes()
    {
        const string golden = "05010300000000000000" + "0700000000000000" + "0201000000000000" + "AC02" + "03" + "616263";
        Assert.Equal(golden, Convert.ToHexString(Payloads.Encode(Chunk)));
        Assert.Equal(WireText.Of(Chunk), WireText.Of(SnapshotTransferCodec.DecodeChunk(Convert.FromHexString(golden))));
    }

    [Fact]
    public void Progress_HasGoldenBytes()
    {
        const string golden = "06010300000000000000" + "0700000000000000" + "0201000000000000" + "AC02" + "03";
        Assert.Equal(golden, Convert.ToHexString(Payloads.Encode(Progress)));
        Assert.Equal(Progress, SnapshotTransferCodec.DecodeProgress(Convert.FromHexString(golden)));
    }

    [Fact]
    public void Offer_GivesTheLeadersMessage_WithTheReceiversHandle()
    {
        var offer = SnapshotOffer.For(GoldenPayloads.Epoch, 1, GoldenPayloads.Offer.Snapshot, GoldenPayloads.InstallSnapshot);
        var decoded = SnapshotTransferCodec.DecodeOffer(Payloads.Encode(offer));
        var message = decoded.ToMessage(decoded.Snapshot.Metadata, handle: 17);
        Assert.Equal(17UL, message.Snapshot!.Handle);
        Assert.Equal(WireText.Of(GoldenPayloads.InstallSnapshot), WireText.Of(message));
    }

    [Fact]
    public void Offer_CannotBeMade_OfAnotherMessage() => Assert.Throws<InvariantViolationException>(
        () => SnapshotOffer.For(GoldenPayloads.Epoch, 1, GoldenPayloads.Offer.Snapshot, GoldenPayloads.Heartbeat));

    [Fact]
    public void Encoder_Refuses_WhatNoReceiverWouldTake()
    {
        var offer = GoldenPayloads.Offer;
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(offer with { Epoch = Epoch.None }));
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(offer with { From = ReplicaId.None }));
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(offer with { To = ReplicaId.None }));
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(offer with { Term = new Term(2) }));
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(offer with { Snapshot = offer.Snapshot with { SizeBytes = 0 } }));
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(offer with { Snapshot = offer.Snapshot with { Metadata = SnapshotMetadata.Empty } }));
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(Chunk with { Bytes = default }));
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(Chunk with { Bytes = new byte[ISnapshotReceiver.MaxChunkBytes + 1] }));
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(Chunk with { Offset = -1 }));
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(Chunk with { Offset = long.MaxValue }));
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(Progress with { NextOffset = -1 }));
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(Progress with { Status = 0 }));
    }

    [Fact]
    public void Decoder_Refuses_WhatBreaksARule()
    {
        const int from = PayloadHeader.SizeBytes + 8;
        const int to = from + 8;
        const int term = to + 8;
        const int size = term + 1 + 8 + 1;
        DecoderRefuses(payload => payload.AsSpan(from, 8).Clear());
        DecoderRefuses(payload => payload.AsSpan(to, 8).Clear());
        DecoderRefuses(payload => payload[term]--, isRefused: false);
        DecoderRefuses(payload => payload[term] -= 2);

        // 300 in two bytes becomes 0 in two bytes, which is no number, or 0 in one.
        DecoderRefuses(payload => payload.AsSpan(size, 2).Clear());

        // A chunk of 3 bytes says that it has none.
        byte[] empty = [.. Payloads.Encode(Chunk)[..^4], 0];
        Assert.Throws<CorruptionException>(() => SnapshotTransferCodec.DecodeChunk(empty));

        static void DecoderRefuses(Action<byte[]> change, bool isRefused = true)
        {
            var payload = Payloads.Encode(GoldenPayloads.Offer);
            change(payload);
            Assert.Equal(isRefused, Record.Exception(() => SnapshotTransferCodec.DecodeOffer(payload)) is CorruptionException);
        }
    }

    [Fact]
    public void Status_IsUnknown_WhenItIsFromANewerVersion()
    {
        var payload = Payloads.Encode(Progress);
        payload[^1] = 5;
        Assert.Throws<UnknownPayloadException>(() => SnapshotTransferCodec.DecodeProgress(payload));
        payload[^1] = 0;
        Assert.Throws<CorruptionException>(() => SnapshotTransferCodec.DecodeProgress(payload));
    }

    [Fact]
    public void Type_OfAnotherKind_IsRefused()
    {
        Assert.Throws<CorruptionException>(() => SnapshotTransferCodec.DecodeChunk(Payloads.Encode(Progress)));
        Assert.Throws<CorruptionException>(() => SnapshotTransferCodec.DecodeProgress(Payloads.Encode(Chunk)));
        Assert.Throws<CorruptionException>(() => SnapshotTransferCodec.DecodeOffer(Payloads.Encode(Chunk)));
        Assert.Throws<CorruptionException>(() => RaftCodec.Decode(Payloads.Encode(Chunk)));
        Assert.Throws<CorruptionException>(() => ForwardedReplyCodec.Decode(Payloads.Encode(Chunk)));
        Assert.Throws<CorruptionException>(() => ForwardedRequestCodec.Decode(Payloads.Encode(Chunk), Payloads.Now));
    }
}
