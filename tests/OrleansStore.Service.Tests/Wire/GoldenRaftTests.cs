using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>The bytes of format 1, written down by hand from the drawings: what a member of the previous release sends and understands.</summary>
[Trait("Category", "Unit")]
public sealed class GoldenRaftTests
{
    // Kind 1, format 1, bucket 3, epoch 7.
    private const string Header = "01 01 0300000000000000 0700000000000000 ";
    private const string FromTo = "0500000000000100 0600000000000200 ";
    private const string SentAt = "E803000000000000 ";

    [Fact]
    public void Heartbeat_HasGoldenBytes() =>
        Check(GoldenPayloads.Heartbeat, "07 A400 " + FromTo + "04 AC02 09 " + SentAt);

    [Fact]
    public void Heartbeats_HaveGoldenBytes()
    {
        BucketHeartbeat[] heartbeats =
        [
            new(new BucketId(3), new Term(4), new LogIndex(300), 9, new MonotonicTime(1000)),
            new(new BucketId(300), new Term(5), LogIndex.None, 0, new MonotonicTime(998)),
        ];
        const string header = "07 01 0000000000000000 0700000000000000 ";
        Assert.Equal(
            Bytes(header + "07 " + FromTo + SentAt + "02  03 04 AC02 09 00  AC02 05 00 00 03"),
            Payloads.Encode(GoldenPayloads.Epoch, RaftMessageType.Heartbeat, GoldenPayloads.Leader, GoldenPayloads.Follower, heartbeats));
        Assert.Equal(
            Bytes(header + "08 " + FromTo + SentAt + "01  03 04 09 00"),
            Payloads.Encode(GoldenPayloads.Epoch, RaftMessageType.HeartbeatResponse, GoldenPayloads.Leader, GoldenPayloads.Follower, heartbeats.Take(1)));
    }

    [Fact]
    public void Append_HasGoldenBytes() =>
        Check(GoldenPayloads.Append, "05 8701 " + FromTo + "04 0A 02 09 " + SentAt + "02 01 01 02 6162 02 01 01 63");

    [Fact]
    public void AppendWithoutEntries_HasGoldenBytes() =>
        Check(GoldenPayloads.Append with { Entries = default }, "05 8700 " + FromTo + "04 0A 02 09 " + SentAt);

    [Fact]
    public void RejectedAppend_HasGoldenBytes() => Check(
        GoldenPayloads.Message(RaftMessageType.AppendResponse) with
        {
            Index = new LogIndex(10),
            LogTerm = new Term(2),
            Reject = true,
            RejectHint = new LogIndex(8),
            SentAt = new MonotonicTime(1000),
        },
        "06 9B00 " + FromTo + "04 0A 02 08 " + SentAt);

    [Fact]
    public void Vote_HasGoldenBytes() => Check(
        GoldenPayloads.Message(RaftMessageType.Vote) with { Index = new LogIndex(10), LogTerm = new Term(2), IsTransfer = true },
        "03 4300 " + FromTo + "04 0A 02");

    [Fact]
    public void RefusedVote_HasGoldenBytes() =>
        Check(GoldenPayloads.Message(RaftMessageType.VoteResponse) with { Reject = true }, "04 0800 " + FromTo + "04");

    [Fact]
    public void Propose_HasGoldenBytes() =>
        Check(GoldenPayloads.Propose, "0B 0001 " + FromTo + "00 01 01 02 6162");

    [Fact]
    public void InstallSnapshot_HasGoldenBytes() => Check(
        GoldenPayloads.InstallSnapshot,
        "09 8002 " + FromTo + "04 " + SentAt + "C801 03 01 02 0500000000000100 0600000000000200 01 0500000000000100 00 00");

    [Fact]
    public void LargestNumbers_HaveGoldenBytes() => Check(
        GoldenPayloads.Message(RaftMessageType.ReadIndexResponse) with { Term = new Term(ulong.MaxValue), Index = new LogIndex(1UL << 63), Context = 127 },
        "0D 2100 " + FromTo + "FFFFFFFFFFFFFFFFFF01 80808080808080808001 7F");

    [Fact]
    public void Type_HasItsNumber_WhateverItsName()
    {
        // Append only: a new type goes to the end of this list, and no number ever moves.
        string[] types =
        [
            "PreVote", "PreVoteResponse", "Vote", "VoteResponse", "Append", "AppendResponse", "Heartbeat", "HeartbeatResponse", "InstallSnapshot",
            "TimeoutNow", "Propose", "ReadIndex", "ReadIndexResponse", "TransferLeadership", "Hibernate", "HibernateResponse",
        ];
        Assert.Equal(types, Enum.GetValues<RaftMessageType>().Order().Select(type => type.ToString()));
        Assert.Equal(Enumerable.Range(1, types.Length), Enum.GetValues<RaftMessageType>().Order().Select(type => (int)type));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));

    private static void Check(in RaftMessage message, string hex)
    {
        var bytes = Bytes(Header + hex);
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(Payloads.Encode(GoldenPayloads.Bucket, GoldenPayloads.Epoch, message)));
        Assert.Equal(new PayloadHeader(WireKind.Raft, GoldenPayloads.Bucket, GoldenPayloads.Epoch), PayloadHeader.Read(bytes));
        Assert.Equal(WireText.Of(message), WireText.Of(RaftCodec.Decode(bytes)));
    }
}
