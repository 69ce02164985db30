using System.Collections.Immutable;
using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.Records;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Service;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Status;

namespace OrleansStore.Http.Tests.Support;

/// <summary>A store in memory: one real bucket state per bucket, without log and replicas.</summary>
internal sealed class MemoryStore : IStoreService
{
    private readonly MemoryBucket[] _buckets;

    public MemoryStore(int buckets = 4) => _buckets = [.. Enumerable.Range(0, buckets).Select(i => new MemoryBucket((uint)i))];

    public string Datacenter { get; init; } = "dc1";

    public string? NotReadyReason { get; set; }

    public BucketId BucketOf(StoreKey key) => Find(key).Id;

    public ValueTask<StoreReply<WriteResult>> WriteAsync(Transaction transaction, RequestIdentity callersId, RequestContext context, CancellationToken cancellationToken)
    {
        Assert.True(context.Timeout > TimeSpan.Zero);
        Assert.NotNull(context.Principal);
        var keys = transaction.Guards.Select(g => g.Key).Concat(transaction.Operations.Select(o => o.Key)).ToArray();
        var bucket = Find(keys[0]);
        if (keys.Any(k => Find(k) != bucket))
        {
            throw new StoreException(ErrorCode.CrossBucket, "The keys of the transaction lie in several buckets.");
        }

        return new(bucket.Write(transaction, callersId));
    }

    public ValueTask<StoreReply<ReadResult>> ReadAsync(StoreKey key, ReadConsistency consistency, RequestContext context, CancellationToken cancellationToken) =>
        new(Find(key).Read(key));

    public ValueTask<ScanReply> ScanAsync(ScanRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        List<StoreRecord> found = [];
        ReadOnlyMemory<byte>? bound = null;
        foreach (var bucket in _buckets)
        {
            var next = bucket.Scan(request, found);
            if (next is { } end && (bound is null || end.Span.SequenceCompareTo(bound.Value.Span) < 0))
            {
                bound = end;
            }
        }

        found.Sort((a, b) => a.Key.CompareTo(b.Key));
        var page = found.TakeWhile(r => bound is null || r.Key.Bytes.Span.SequenceCompareTo(bound.Value.Span) < 0).ToList();
        var taken = Math.Min(page.Count, request.Limit);
        var bytes = 0L;
        for (var i = 0; i < taken; i++)
        {
            bytes += page[i].Key.Bytes.Length + page[i].ContentType.Length + page[i].Value.Length;
            taken = bytes > request.MaxBytes && i > 0 ? i : taken;
        }

        var position = taken < page.Count ? page[taken].Key.Bytes : bound;
        return new(new ScanReply(ReadStatus.Found, [.. page.Take(taken)], position));
    }

    public ValueTask<StoreReply<OutcomeResult>> GetOutcomeAsync(
        StoreKey key, RequestId requestId, WallTime? firstSent, RequestContext context, CancellationToken cancellationToken) =>
        new(Find(key).Settle(requestId, firstSent));

    public StoreStatus GetStatus() => new(
        Datacenter,
        new StoreId(7),
        new Epoch(3),
        [new DatacenterStatus(new DatacenterId(1), "dc1", 1), new DatacenterStatus(new DatacenterId(2), "dc2", 2)],
        [new LinkStatus(new DatacenterId(2), LinkState.Refused, "store id") { RoundTrip = TimeSpan.FromMilliseconds(1.5), Skew = TimeSpan.FromMilliseconds(-2), Bytes = (10, 20) }],
        [.. _buckets.Select(b => new BucketStatus(b.Id, "dc1", b.Id.Number == 0 ? null : "dc1", new Term(2), new LogIndex(9), new LogIndex(8), "leader", ["dc1", "dc2"]))]);

    private MemoryBucket Find(StoreKey key)
    {
        var bytes = key.Bytes.Span;
        var open = bytes.IndexOf((byte)'{');
        var length = open < 0 ? -1 : bytes[(open + 1)..].IndexOf((byte)'}');
        var part = length > 0 ? key.Bytes.Slice(open + 1, length) : key.Bytes;
        return _buckets[(uint)new StoreKey(NamespaceId.Default, part).GetHashCode() % (uint)_buckets.Length];
    }

    private sealed class MemoryBucket(uint number)
    {
        private readonly Lock _lock = new();
        private readonly BucketState _state = BucketState.Create(BucketLimits.Default);
        private readonly SessionId _session = SessionId.Create(Now(), 1, number);
        private ulong _sequence;
        private ulong _applied;

        public BucketId Id { get; } = new(number);

        public StoreReply<WriteResult> Write(Transaction transaction, RequestIdentity callersId)
        {
            lock (_lock)
            {
                var identity = callersId.Id == RequestId.None ? new RequestIdentity(RequestId.ForSession(_session, ++_sequence), _sequence - 1) : callersId;
                var answer = Apply(new TransactionCommand(Now(), identity, transaction)).Write!;
                return new(Id, identity.Id, answer with { DurableCopies = 2 });
            }
        }

        public StoreReply<ReadResult> Read(StoreKey key)
        {
            lock (_lock)
            {
                var found = _state.Records.TryGet(key, out var record);
                var result = new ReadResult(
                    found ? ReadStatus.Found : ReadStatus.NotFound, found ? record.ToRecord() : null, _state.Revision, new LogIndex(_applied));
                return new(Id, RequestId.None, result);
            }
        }

        public ReadOnlyMemory<byte>? Scan(ScanRequest request, List<StoreRecord> found)
        {
            lock (_lock)
            {
                List<PackedRecord> page = [];
                var next = _state.Records.Scan(request, page);
                found.AddRange(page.Select(r => r.ToRecord(request.IncludeValues)));
                return next;
            }
        }

        public StoreReply<OutcomeResult> Settle(RequestId requestId, WallTime? firstSent)
        {
            lock (_lock)
            {
                return new(Id, requestId, Apply(new SettleOutcomeCommand(Now(), requestId, firstSent)).Outcome!);
            }
        }

        private ApplyResult Apply(BucketCommand command)
        {
            _applied++;
            return _state.Apply(CommandCodec.Encode(command));
        }

        private static WallTime Now() => new(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
    }
}
