using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using OrleansStore.Diagnostics;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>The rules of Raft messages at both ends: what breaks one is neither sent nor taken.</summary>
[Trait("Category", "Unit")]
public sealed class RaftRulesTests
{
    private const int TypeOffset = PayloadHeader.SizeBytes;
    private const int FieldsOffset = TypeOffset + 1;
    private const int FromOffset = FieldsOffset + 2;
    private const int ToOffset = FromOffset + 8;
    private const int TermOffset = ToOffset + 8;

    [Fact]
    public void Encoder_Refuses_WhatBreaksARule()
    {
        var (heartbeat, append) = (GoldenPayloads.Heartbeat, GoldenPayloads.Append);
        Refuses(heartbeat with { Type = 0 });
        Refuses(heartbeat with { Type = (RaftMessageType)17 });
        Refuses(heartbeat with { From = ReplicaId.None });
        Refuses(heartbeat with { To = ReplicaId.None });
        Refuses(heartbeat with { Term = Term.None });
        Refuses(heartbeat with { Reject = true });
        Refuses(heartbeat with { IsTransfer = true });
        Refuses(heartbeat with { Entries = append.Entries });
        Refuses(heartbeat with { Snapshot = new RaftSnapshot(GoldenPayloads.Metadata) });
        Refuses(GoldenPayloads.InstallSnapshot with { Snapshot = null });
        Refuses(GoldenPayloads.InstallSnapshot with { Term = new Term(2) });
        Refuses(GoldenPayloads.InstallSnapshot with { Snapshot = new RaftSnapshot(SnapshotMetadata.Empty) });
        Refuses(append with { LogTerm = Term.None, Entries = default });
        Refuses(append with { Index = LogIndex.None, Entries = default });
        Refuses(append with { LogTerm = new Term(5), Entries = default });
        Refuses(GoldenPayloads.Propose with { Entries = default });
        Refuses(GoldenPayloads.Propose with { Entries = append.Entries });
    }

    [Fact]
    public void Encoder_Refuses_EntriesThatAreNoPieceOfALog()
    {
        // The message: term 4, after index 10 of term 2.
        RefusesEntries((3, 12));
        RefusesEntries((3, 11), (3, 13));
        RefusesEntries((3, 11), (3, 11));
        RefusesEntries((1, 11));
        RefusesEntries((4, 11), (3, 12));
        RefusesEntries((5, 11));
        Refuses(GoldenPayloads.Append with { Entries = new[] { new Entry(new Term(3), new LogIndex(11), 0, default) } });
        Refuses(GoldenPayloads.Append with { Entries = new[] { new Entry(new Term(3), new LogIndex(11), (EntryType)3, default) } });
        Refuses(GoldenPayloads.Append with { Index = new LogIndex(ulong.MaxValue), Entries = new[] { new Entry(new Term(3), LogIndex.None, EntryType.Normal, default) } });
    }

    [Fact]
    public void Decoder_Refuses_WhatBreaksARule()
    {
        var heartbeat = Encode(GoldenPayloads.Heartbeat);
        DecoderRefuses(heartbeat, payload => payload.AsSpan(FromOffset, 8).Clear());
        DecoderRefuses(heartbeat, payload => payload.AsSpan(ToOffset, 8).Clear());
        DecoderRefuses(heartbeat, payload => payload[TermOffset] = 0);
        DecoderRefuses(heartbeat, payload => payload[TypeOffset] = 0);
        DecoderRefuses(heartbeat, payload => payload[TypeOffset] = (byte)RaftMessageType.InstallSnapshot);
        DecoderRefuses(heartbeat, payload => payload[FieldsOffset] |= 0x08);
        DecoderRefuses(heartbeat, payload => payload[FieldsOffset] |= 0x40);
        DecoderRefuses(heartbeat, payload => payload[FieldsOffset + 1] |= 0x04);
        DecoderRefuses(heartbeat, payload => payload.AsSpan(payload.Length - 8).Clear());

        var append = Encode(GoldenPayloads.Append);
        DecoderRefuses(append, payload => payload[TypeOffset] = (byte)RaftMessageType.Heartbeat);
        DecoderRefuses(append, payload => payload[TermOffset] = 3);

        // The last entry: type, term step, length, one byte.
        DecoderRefuses(append, payload => payload[^4] = 0);
        DecoderRefuses(append, payload => payload[^3] = 2);
        DecoderRefuses(append, payload => payload[^2] = 0);
        DecoderRefuses(append, payload => payload[^2] = 2);
    }

    [Fact]
    public void Decoder_RefusesConfigurations_ThatCannotBe()
    {
        // Ends in: options, 2 voters, 1 outgoing voter, no learners, no next learners.
        var install = Encode(GoldenPayloads.InstallSnapshot);
        DecoderRefuses(install, payload => payload.AsSpan(payload.Length - 10, 8).Clear());
        DecoderRefuses(install, payload => payload.AsSpan(payload.Length - 27, 8).CopyTo(payload.AsSpan(payload.Length - 19)));
        DecoderRefuses(install, payload =>
        {
            byte[] second = payload[^19..^11];
            payload.AsSpan(payload.Length - 27, 8).CopyTo(payload.AsSpan(payload.Length - 19));
            second.CopyTo(payload.AsSpan(payload.Length - 27));
        });
        DecoderRefuses(install, payload => payload[^28]--);
        DecoderRefuses(install, payload => payload[^29] = 2);

        var learnersOnly = Convert.FromHexString(
            Convert.ToHexString(install, 0, install.Length - 28) + "00" + "00" + "01" + "0500000000000100" + "00");
        Assert.Throws<CorruptionException>(() => RaftCodec.Decode(learnersOnly));
    }

    [Fact]
    public void Decoder_RefusesNumbers_ThatHaveAShorterForm()
    {
        var payload = Encode(GoldenPayloads.Message(RaftMessageType.TimeoutNow));
        Assert.Equal(4, payload[^1]);
        Assert.Throws<CorruptionException>(() => RaftCodec.Decode([.. payload[..^1], 0x84, 0x00]));
        Assert.Throws<CorruptionException>(() => RaftCodec.Decode([.. payload[..^1], 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x02]));
        Assert.Throws<CorruptionException>(() => RaftCodec.Decode([.. payload[..^1], 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x00]));
    }

    [Fact]
    public void Decoder_RefusesACount_WithoutEntriesBehindIt()
    {
        // 174,762 entries, the most there may be, in no bytes.
        var payload = Encode(GoldenPayloads.Propose);
        byte[] promising = [.. payload[..^5], 0xAA, 0xD5, 0x0A];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<CorruptionException>(() => RaftCodec.Decode(promising));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void Decoder_Refuses_IndexesBeyondTheLast()
    {
        var message = GoldenPayloads.Append with { Index = new LogIndex(ulong.MaxValue - 2), Entries = default };
        byte[] payload = [.. Encode(message), 2, 1, 1, 0, 1, 0, 0];
        payload[FieldsOffset + 1] = 1;
        Assert.Equal(new LogIndex(ulong.MaxValue), RaftCodec.Decode(payload).Entries.Span[1].Index);
        message = message with { Index = new LogIndex(ulong.MaxValue - 1) };
        payload = [.. Encode(message), 2, 1, 1, 0, 1, 0, 0];
        payload[FieldsOffset + 1] = 1;
        Assert.Throws<CorruptionException>(() => RaftCodec.Decode(payload));
    }

    [Fact]
    public void Payload_IsUnknown_WhenItIsFromANewerVersion()
    {
        var payload = Encode(GoldenPayloads.Append);
        Unknown(payload, 0, 8);
        Unknown(payload, 1, 2);
        Unknown(payload, TypeOffset, 17);
        Unknown(payload, payload.Length - 4, 3);
        Assert.Throws<UnknownPayloadException>(() => PayloadHeader.Read([8]));
        Assert.Throws<UnknownPayloadException>(() => PayloadHeader.Read([1, 2]));
    }

    [Fact]
    public void Header_IsRefused_WhenItCannotBe()
    {
        var payload = Encode(GoldenPayloads.Heartbeat);
        DecoderRefuses(payload, changed => changed[0] = 0);
        DecoderRefuses(payload, changed => changed[1] = 0);
        DecoderRefuses(payload, changed => changed[7] = 1);
        DecoderRefuses(payload, changed => changed[9] = 0x80);
        DecoderRefuses(payload, changed => changed.AsSpan(10, 8).Clear());
        Assert.Throws<InvariantViolationException>(() => Payloads.Encode(GoldenPayloads.Bucket, Epoch.None, GoldenPayloads.Heartbeat));
    }

    private static byte[] Encode(RaftMessage message) => Payloads.Encode(GoldenPayloads.Bucket, GoldenPayloads.Epoch, message);

    private static void Refuses(RaftMessage message) => Assert.Throws<InvariantViolationException>(() => Encode(message));

    private static void RefusesEntries(params (ulong Term, ulong Index)[] ids) => Refuses(GoldenPayloads.Append with
    {
        Entries = ids.Select(id => new Entry(new Term(id.Term), new LogIndex(id.Index), EntryType.Normal, default)).ToArray(),
    });

    private static void DecoderRefuses(byte[] payload, Action<byte[]> change)
    {
        byte[] changed = [.. payload];
        change(changed);
        Assert.NotEqual(payload, changed);
        Assert.Throws<CorruptionException>(() => RaftCodec.Decode(changed));
    }

    private static void Unknown(byte[] payload, int offset, byte value)
    {
        byte[] changed = [.. payload];
        changed[offset] = value;
        Assert.Throws<UnknownPayloadException>(() => RaftCodec.Decode(changed));
    }
}
