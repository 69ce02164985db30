using OrleansStore.Buckets.Replicas;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Wire;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>The bytes of format 1, written down by hand from the drawings: what a member of the previous release sends and understands.</summary>
[Trait("Category", "Unit")]
public sealed class GoldenForwardTests
{
    // Kind, format 1, bucket 3, epoch 7, correlation id 300.
    private const string Request = "02 01 0300000000000000 0700000000000000 AC02 ";
    private const string Reply = "03 01 0300000000000000 0700000000000000 AC02 ";

    // 5,000 ms, no trace, no name, no authentication type.
    private const string Anonymous = "8827 00 00 00 ";
    private const string RecordHead = "00 01 61 ";
    private const string RecordNumbers = "03 05 02 01 0A 746578742F706C61696E 02 ";

    [Fact]
    public void Write_HasGoldenBytes() => Check(
        GoldenPayloads.Request(new WriteRequest(new RequestIdentity(RequestId.ForKey("k1")), GoldenPayloads.PutIfAbsent, GoldenPayloads.Deadline)) with
        {
            Principal = GoldenPayloads.Ann,
            Trace = GoldenPayloads.Trace,
        },
        "8827 01 03 616E6E 0B 4365727469666963617465 0102030405060708090A0B0C0D0E0F10 1112131415161718 01 " +
        "01 03 02 6B31 01 01 02 00000000 0100 61 01 00000000 0100 61 00000000 01 00 00 02000000 6869");

    [Fact]
    public void RememberedWrite_HasGoldenBytes() => Check(
        GoldenPayloads.Request(new WriteRequest(
            new RequestIdentity(RequestId.ForSession(SessionId.Create(new WallTime(1_000_000_000_000), 7, 9), 5), 4), GoldenPayloads.PutIfAbsent, GoldenPayloads.Deadline, RemembersRejection: true)),
        Anonymous + "05 02 0900000000000000 07000010A5D4E800 0500000000000000 0400000000000000 01 01 02 00000000 0100 61 01 00000000 0100 61 00000000 01 00 00 02000000 6869");

    [Fact]
    public void Outcome_HasGoldenBytes() => Check(
        GoldenPayloads.Request(new OutcomeRequest(
            RequestId.ForSession(SessionId.Create(new WallTime(1_000_000_000_000), 7, 9), 5), new WallTime(1_000_000_000_001), GoldenPayloads.Deadline)),
        Anonymous + "02 02 0900000000000000 07000010A5D4E800 0500000000000000 0000000000000000 01 0110A5D4E8000000");

    [Fact]
    public void Read_HasGoldenBytes() => Check(
        GoldenPayloads.Request(new ReadRequest(new StoreKey(NamespaceId.System, "a"u8.ToArray()), ReadConsistency.Eventual, GoldenPayloads.Deadline)),
        Anonymous + "03 02 01 01 61");

    [Fact]
    public void Page_HasGoldenBytes() => Check(
        GoldenPayloads.Request(new PageRequest(
            new ScanRequest(NamespaceId.Default, "p"u8.ToArray(), default, "q"u8.ToArray(), maxBytes: 300), GoldenPayloads.Deadline)),
        Anonymous + "04 01 01 00 64 AC02 01 70 00 01 71");

    [Fact]
    public void AppliedWrite_HasGoldenBytes() => Check(
        new BucketReply(0, Write: new WriteResult(WriteStatus.Applied, new Revision(42)) { Operations = [OperationOutcome.Created], DurableCopies = 2 }),
        "01 00 01 2A 02 00 01 01");

    [Fact]
    public void WriteElsewhere_HasGoldenBytes() => Check(
        new BucketReply(
            0,
            Write: new WriteResult(WriteStatus.NotLeader, Revision.None) { RetryAfter = TimeSpan.FromMilliseconds(50) },
            Leader: GoldenPayloads.Follower),
        "01 01 0600000000000200 03 00 00 33");

    [Fact]
    public void FailedGuard_HasGoldenBytes() => Check(
        new BucketReply(0, Write: new WriteResult(WriteStatus.PreconditionFailed, new Revision(5)) { FailedGuard = 3 }),
        "01 00 02 05 00 00 03");

    [Fact]
    public void RejectedOutcome_HasGoldenBytes() => Check(
        new BucketReply(0, Outcome: new OutcomeResult(
            OutcomeStatus.Rejected, new WriteResult(WriteStatus.NotFound, new Revision(9)) { Operations = [OperationOutcome.Missing] })),
        "02 00 02 05 09 00 00 01 04");

    [Fact]
    public void NeverAppliedOutcome_HasGoldenBytes() => Check(new BucketReply(0, Outcome: new OutcomeResult(OutcomeStatus.NeverApplied)), "02 00 03");

    [Fact]
    public void FoundRecord_HasGoldenBytes() => Check(
        new BucketReply(0, Read: new ReadResult(ReadStatus.Found, GoldenPayloads.RecordA, new Revision(42), new LogIndex(100))),
        "03 00 01 2A 64 00 " + RecordHead + "07 " + RecordNumbers + "6869 0110A5D4E8000000 01 1F000000000000000000000000000000");

    [Fact]
    public void PageOfRecords_HasGoldenBytes() => Check(
        new BucketReply(0, Page: new ScanPage(
            ReadStatus.Found,
            [GoldenPayloads.RecordA with { Value = default, ExpiresAt = null, Owner = null }],
            "b"u8.ToArray(),
            new Revision(42),
            new LogIndex(100))),
        "04 00 01 2A 64 00 01 " + RecordHead + "00 " + RecordNumbers + "01 62");

    [Fact]
    public void RequestNotSentOrLost_HasGoldenBytes()
    {
        var reply = GoldenPayloads.Reply(default(BucketReply));
        Check(reply with { Result = new CallResult(CallStatus.NotSent) }, "05 00");
        Check(reply with { Result = new CallResult(CallStatus.Lost) }, "06 00");
    }

    [Fact]
    public void Status_HasItsNumber_WhateverItsName()
    {
        // Append only, and 0 is never valid.
        CheckNumbers<WireKind>("Raft Request Reply SnapshotOffer SnapshotChunk SnapshotProgress Heartbeats");
        CheckNumbers<RequestKind>("Write Outcome Read Page RememberedWrite");
        CheckNumbers<ReplyKind>("Write Outcome Read Page NotSent Lost");
        CheckNumbers<SnapshotTransferStatus>("Accepted Refused Complete Failed");
        CheckNumbers<OutcomeStatus>("Applied Rejected NeverApplied Expired Throttled NotLeader Unavailable Unknown");
        CheckNumbers<ReadStatus>("Found NotFound NotLeader Unavailable Throttled");
        CheckNumbers<ReadConsistency>("Linearizable Eventual");
        CheckNumbers<OperationOutcome>("Created Replaced Deleted Missing");
        CheckNumbers<WriteStatus>(
            "Applied PreconditionFailed NotLeader OutcomeUnknown NotFound RequestExpired IdempotencyMismatch Throttled NeverApplied Unavailable DiskFull");
    }

    private static void CheckNumbers<TEnum>(string names)
        where TEnum : struct, Enum =>
        Assert.Equal(names.Split(' ').Select((name, i) => (name, i + 1)), Enum.GetValues<TEnum>().Order().Select(value => (value.ToString(), Convert.ToInt32(value, null))));

    private static void Check(ForwardedRequest request, string hex)
    {
        var golden = (Request + hex).Replace(" ", string.Empty, StringComparison.Ordinal);
        Assert.Equal(golden, Convert.ToHexString(Payloads.Encode(request)));
        Assert.Equal(WireText.Of(request), WireText.Of(ForwardedRequestCodec.Decode(Convert.FromHexString(golden), Payloads.Now)));
    }

    private static void Check(BucketReply reply, string hex) => Check(GoldenPayloads.Reply(reply), hex);

    private static void Check(ForwardedReply reply, string hex)
    {
        var golden = (Reply + hex).Replace(" ", string.Empty, StringComparison.Ordinal);
        Assert.Equal(golden, Convert.ToHexString(Payloads.Encode(reply)));
        Assert.Equal(WireText.Of(reply), WireText.Of(ForwardedReplyCodec.Decode(Convert.FromHexString(golden))));
    }
}
