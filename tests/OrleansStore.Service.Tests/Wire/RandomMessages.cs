using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;
using OrleansStore.Service.Wire;
using OrleansStore.Storage;

namespace OrleansStore.Service.Tests.Wire;

/// <summary>Random messages between replicas: every field that the rules of a type allow is set at times, and takes its extreme values.</summary>
internal static class RandomMessages
{
    public static BucketId Bucket(WireRandom random) => new((uint)random.Number(max: uint.MaxValue), (byte)random.Number(max: byte.MaxValue));

    public static Epoch Epoch(WireRandom random) => new(random.Number(min: 1));

    public static ReplicaId Replica(WireRandom random) => new(random.Number(min: 1));

    public static RaftMessage Raft(WireRandom random, int maxEntries = 8)
    {
        var type = (RaftMessageType)(1 + random.Below((int)RaftMessageType.HibernateResponse));
        var term = random.Number(min: type is RaftMessageType.Propose or RaftMessageType.ReadIndex or RaftMessageType.PreVoteResponse ? 0UL : 1UL);
        var index = random.Number(max: ulong.MaxValue - (ulong)maxEntries);
        var namesLastEntry = type is RaftMessageType.PreVote or RaftMessageType.Vote or RaftMessageType.Append or RaftMessageType.Hibernate;
        var logTerm = !namesLastEntry ? random.Number() : index == 0 ? 0 : random.Number(1, term);
        var message = new RaftMessage
        {
            Type = type,
            From = Replica(random),
            To = Replica(random),
            Term = new Term(term),
            Index = new LogIndex(index),
            LogTerm = new Term(logTerm),
            Commit = new LogIndex(random.Number()),
            RejectHint = new LogIndex(random.Number()),
            Context = random.Number(),
            SentAt = new MonotonicTime((long)random.Number()),
        };
        return message with
        {
            Reject = message.IsResponse && random.Chance(50),
            IsTransfer = type is RaftMessageType.PreVote or RaftMessageType.Vote && random.Chance(50),
            Snapshot = type == RaftMessageType.InstallSnapshot ? new RaftSnapshot(Metadata(random, term)) : null,
            Entries = type switch
            {
                RaftMessageType.Append => Entries(random, message, random.Below(maxEntries + 1)),
                RaftMessageType.Propose => Proposals(random, 1 + random.Below(maxEntries)),
                _ => default,
            },
        };
    }

    public static BucketHeartbeat[] Heartbeats(WireRandom random, RaftMessageType type)
    {
        var heartbeats = new BucketHeartbeat[1 + random.Below(random.Chance(5) ? HeartbeatsCodec.MaxHeartbeats : 8)];
        for (var i = 0; i < heartbeats.Length; i++)
        {
            var commit = type == RaftMessageType.Heartbeat ? new LogIndex(random.Number()) : LogIndex.None;
            heartbeats[i] = new BucketHeartbeat(
                Bucket(random), new Term(random.Number(min: 1)), commit, random.Number(), new MonotonicTime((long)random.Number()));
        }

        return heartbeats;
    }

    public static SnapshotMetadata Metadata(WireRandom random, ulong maxTerm)
    {
        var config = GroupConfig.Create(Members(random, 1), Members(random), Members(random), Members(random), random.Chance(50));
        return new SnapshotMetadata(new LogIndex(random.Number(min: 1)), new Term(random.Number(1, maxTerm)), config);
    }

    public static SnapshotOffer Offer(WireRandom random)
    {
        var term = random.Number(min: 1);
        var size = (long)random.Number(1, long.MaxValue);
        var snapshot = new SnapshotDescriptor(Bucket(random), new Revision(random.Number()), Metadata(random, term), size);
        return new SnapshotOffer(
            Epoch(random), random.Number(), snapshot, Replica(random), Replica(random), new Term(term), new MonotonicTime((long)random.Number()));
    }

    public static SnapshotChunk Chunk(WireRandom random)
    {
        var bytes = random.Bytes(1, random.Chance(5) ? ISnapshotReceiver.MaxChunkBytes : 64);
        return new SnapshotChunk(Bucket(random), Epoch(random), random.Number(), (long)random.Number(max: (ulong)(long.MaxValue - bytes.Length)), bytes);
    }

    public static SnapshotProgress Progress(WireRandom random) => new(
        Bucket(random), Epoch(random), random.Number(), (long)random.Number(max: long.MaxValue), (SnapshotTransferStatus)(1 + random.Below(4)));

    private static Entry[] Entries(WireRandom random, in RaftMessage append, int count)
    {
        var entries = new Entry[count];
        var last = new EntryId(append.LogTerm, append.Index);
        for (var i = 0; i < count; i++)
        {
            var term = random.Chance(70) ? Math.Max(1, last.Term.Value) : random.Number(Math.Max(1, last.Term.Value), append.Term.Value);
            last = new EntryId(new Term(term), last.Index.Next);
            entries[i] = new Entry(last.Term, last.Index, random.Pick(EntryType.Normal, EntryType.ConfigChange), random.Bytes(0, 300));
        }

        return entries;
    }

    private static Entry[] Proposals(WireRandom random, int count)
    {
        var entries = new Entry[count];
        foreach (ref var entry in entries.AsSpan())
        {
            entry = new Entry(Term.None, LogIndex.None, random.Pick(EntryType.Normal, EntryType.ConfigChange), random.Bytes(0, 300));
        }

        return entries;
    }

    private static ReplicaId[] Members(WireRandom random, int min = 0)
    {
        var members = new HashSet<ReplicaId>();
        for (var count = min + random.Below(5); members.Count < count;)
        {
            members.Add(new ReplicaId(1 + (random.Number() / 2)));
        }

        return [.. members];
    }
}
