using OrleansStore.Buckets.Replicas;
using OrleansStore.Buckets.Snapshots;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Membership;
using OrleansStore.Consensus.Messages;

namespace OrleansStore.Buckets.Tests.Replicas;

/// <summary>Three replicas of a bucket, one clock, and storage that is instant unless it is held back.</summary>
internal sealed class ReplicaGroup
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(50);

    private readonly List<Member> _members = [];
    private ulong _lastToken;

    public ReplicaGroup(Func<BucketReplicaOptions, BucketReplicaOptions>? change = null)
    {
        var config = GroupConfig.Create([new ReplicaId(1), new ReplicaId(2), new ReplicaId(3)]);
        for (var id = 1; id <= 3; id++)
        {
            var options = new BucketReplicaOptions { Raft = new RaftOptions { Id = new ReplicaId((ulong)id), Priority = id - 1 }, HibernateAfter = TimeSpan.FromSeconds(5) };
            _members.Add(new Member(change?.Invoke(options) ?? options, config, Time));
        }

        Advance(TimeSpan.FromSeconds(1));
    }

    public ReplicaTime Time { get; private set; } = new(new MonotonicTime(TimeSpan.FromSeconds(100).Ticks), new WallTime(1_900_000_000_000));

    public Member this[int id] => _members[id - 1];

    /// <summary>Far enough for everything but a test of deadlines.</summary>
    public MonotonicTime Later => Time.Now + TimeSpan.FromMinutes(5);

    public static StoreKey Key(string text) => StoreKey.FromText(text);

    public static Operation Put(string key, string value) => Operation.Put(Key(key), System.Text.Encoding.UTF8.GetBytes(value), "text/plain");

    public void Advance(TimeSpan time) => Time = new ReplicaTime(Time.Now + time, Time.Wall + time);

    public void Elect(int id)
    {
        this[id].Replica.CampaignsFirst = true;
        this[id].Replica.Wake(Time);
        this[id].Replica.CampaignsFirst = false;
        Settle();
        Assert.Equal(RaftRole.Leader, this[id].Replica.Status.Role);
    }

    public ulong Submit(int id, BucketRequest request, bool campaignsFirst = false)
    {
        this[id].Replica.CampaignsFirst = campaignsFirst;
        this[id].Replica.Submit(Time, ++_lastToken, request);
        return _lastToken;
    }

    /// <summary>Submits a request and lets everything settle; its answer must be there.</summary>
    public BucketReply Ask(int id, BucketRequest request)
    {
        var token = Submit(id, request);
        Settle();
        return this[id].TakeReply(token);
    }

    public WriteResult Write(int id, Transaction transaction, RequestIdentity identity = default) => Ask(id, new WriteRequest(identity, transaction, Later)).Write!;

    public ReadResult Read(int id, string key) => Ask(id, new ReadRequest(Key(key), ReadConsistency.Linearizable, Later)).Read!;

    public void Tick(int count)
    {
        for (; count > 0; count--)
        {
            Advance(TickInterval);
            foreach (var member in _members)
            {
                member.Replica.Tick(Time);
            }

            Settle();
        }
    }

    public void Settle()
    {
        var isBusy = true;
        while (isBusy)
        {
            isBusy = false;
            foreach (var member in _members)
            {
                foreach (var message in member.Flush(Time))
                {
                    isBusy = true;
                    Deliver(member, message);
                }
            }
        }
    }

    private void Deliver(Member from, RaftMessage message)
    {
        // A member that was added and has not come is as good as cut off.
        if (from.IsCut || message.To.Value > (ulong)_members.Count || this[(int)message.To.Value] is not { IsCut: false } to)
        {
            return;
        }

        if (message.Type == RaftMessageType.InstallSnapshot)
        {
            to.Replica.ReceiveSnapshot(Time, message with { Snapshot = new RaftSnapshot(message.Snapshot!.Metadata, 77) }, from.DecodeSnapshot());
            from.Replica.ReportSnapshot(Time, message.To, isDelivered: true);
        }
        else
        {
            to.Replica.Receive(Time, message);
        }
    }

    /// <summary>One replica and what came out of it.</summary>
    internal sealed class Member
    {
        private readonly Dictionary<ulong, BucketReply> _replies = [];
        private byte[] _snapshot = [];

        public Member(BucketReplicaOptions options, GroupConfig config, ReplicaTime time) => Replica = new BucketReplica(
            options, new RaftStartState { Config = config }, BucketState.Create(BucketLimits.Default), null, null, new SplitMix64(options.Raft.Id.Value), time);

        public BucketReplica Replica { get; }

        public List<ReplicaWrite> Writes { get; } = [];

        public int SnapshotsTaken { get; private set; }

        public bool IsCut { get; set; }

        /// <summary>Writes are not completed while this is set.</summary>
        public bool HoldsWrites { get; set; }

        public bool HasReply(ulong token) => _replies.ContainsKey(token);

        public BucketReply TakeReply(ulong token)
        {
            Assert.True(_replies.Remove(token, out var reply), $"request {token} was not answered");
            return reply;
        }

        public BucketState DecodeSnapshot()
        {
            var decoder = new StateDecoder();
            decoder.Append(_snapshot);
            return decoder.Complete();
        }

        public List<RaftMessage> Flush(ReplicaTime time)
        {
            var messages = new List<RaftMessage>();
            Replica.Flush();
            while (!Replica.Effects.IsEmpty)
            {
                var effects = Replica.Effects;
                messages.AddRange(effects.Messages);
                foreach (var reply in effects.Replies)
                {
                    Assert.True(_replies.TryAdd(reply.Token, reply), $"request {reply.Token} was answered twice");
                }

                var writes = effects.Writes.ToArray();
                var order = effects.Snapshot;
                effects.Clear();
                Writes.AddRange(writes);
                if (writes.Length > 0 && !HoldsWrites)
                {
                    Replica.CompleteWrite(time, writes[^1].Token);
                }

                if (order is not null)
                {
                    Take(order, time);
                }

                Replica.Flush();
            }

            return messages;
        }

        private void Take(SnapshotOrder order, ReplicaTime time)
        {
            var encoder = new StateEncoder(order.View);
            var stream = new MemoryStream();
            var buffer = new byte[100];
            while (!encoder.IsCompleted)
            {
                stream.Write(buffer, 0, encoder.Write(buffer));
            }

            _snapshot = stream.ToArray();
            SnapshotsTaken++;
            Replica.CompleteSnapshot(time, new RaftSnapshot(order.Metadata, 1));
        }
    }
}
