using System.Diagnostics;
using System.Security.Claims;
using System.Text;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Wire;
using OrleansStore.Storage;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>One value of each shape, for golden bytes and for tests that change one thing about it.</summary>
internal static class GoldenPayloads
{
    public static readonly BucketId Bucket = new(3);

    public static readonly Epoch Epoch = new(7);

    public static readonly ReplicaId Leader = ReplicaId.Create(1, 5);

    public static readonly ReplicaId Follower = ReplicaId.Create(2, 6);

    public static readonly MonotonicTime Deadline = RandomForwards.Now + TimeSpan.FromSeconds(5);

    public static readonly StoreKey KeyA = StoreKey.FromText("a");

    public static readonly SnapshotMetadata Metadata = new(
        new LogIndex(200), new Term(3), GroupConfig.Create([Follower, Leader], votersOutgoing: [Leader], autoLeave: true));

    public static readonly SnapshotOffer Offer = new(
        Epoch, 0x0102, new SnapshotDescriptor(Bucket, new Revision(42), Metadata, 300), Leader, Follower, new Term(4), new MonotonicTime(1000));

    public static RaftMessage Heartbeat => Message(RaftMessageType.Heartbeat) with { Commit = new LogIndex(300), Context = 9, SentAt = new MonotonicTime(1000) };

    public static RaftMessage Append => Message(RaftMessageType.Append) with
    {
        Index = new LogIndex(10),
        LogTerm = new Term(2),
        Commit = new LogIndex(9),
        SentAt = new MonotonicTime(1000),
        Entries = new[]
        {
            new Entry(new Term(3), new LogIndex(11), EntryType.Normal, "ab"u8.ToArray()),
            new Entry(new Term(4), new LogIndex(12), EntryType.ConfigChange, "c"u8.ToArray()),
        },
    };

    public static RaftMessage Propose => Message(RaftMessageType.Propose) with
    {
        Term = Term.None,
        Entries = new[] { new Entry(Term.None, LogIndex.None, EntryType.Normal, "ab"u8.ToArray()) },
    };

    public static RaftMessage InstallSnapshot =>
        Message(RaftMessageType.InstallSnapshot) with { SentAt = new MonotonicTime(1000), Snapshot = new RaftSnapshot(Metadata, 99) };

    public static ClaimsPrincipal Anonymous => new(new ClaimsIdentity());

    public static ClaimsPrincipal Ann => new(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ann")], "Certificate"));

    public static ActivityContext Trace => new(
        ActivityTraceId.CreateFromString("0102030405060708090a0b0c0d0e0f10"), ActivitySpanId.CreateFromString("1112131415161718"), ActivityTraceFlags.Recorded, isRemote: true);

    public static Transaction PutIfAbsent => Transaction.Of(Operation.Put(KeyA, "hi"u8.ToArray()), Guard.NotExists(KeyA));

    public static StoreRecord RecordA => new()
    {
        Key = KeyA,
        Value = "hi"u8.ToArray(),
        ValueBytes = 2,
        ContentType = "text/plain",
        CreateRevision = new Revision(3),
        ModifyRevision = new Revision(5),
        Version = 2,
        ExpiresAt = new WallTime(1_000_000_000_001),
        Owner = new RecordOwner(RecordOwnerKind.Lease, 0x1F),
        Flags = 1,
    };

    public static RaftMessage Message(RaftMessageType type) => new() { Type = type, From = Leader, To = Follower, Term = new Term(4) };

    public static ForwardedRequest Request(BucketRequest request) => new(Bucket, Epoch, 300, request, Anonymous);

    public static ForwardedReply Reply(BucketReply reply) => new(Bucket, Epoch, 300, new CallResult(CallStatus.Answered, reply));

    public static ForwardedReply Reply(ScanPage page) => Reply(new BucketReply(0, Page: page));

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
