using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.Records;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Placement;
using OrleansStore.Service.Engine;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>A store whose buckets are real state machines behind an unreliable world: calls get lost, late, twice; leaders move; proposals vanish or commit when nobody waits any more.</summary>
/// <remarks>It keeps exactly the promises of <see cref="IBucketClient"/> and of a replica, and uses every freedom that they leave.</remarks>
internal sealed class FaultyCluster(VirtualTime time, PlacementMap map, SplitMix64 random, BucketLimits limits)
{
    private readonly Dictionary<BucketId, Bucket> _buckets = [];
    private readonly HashSet<(ushort From, ushort To)> _broken = [];
    private ulong _hash = 14695981039346656037;

    /// <summary>How many of 100 events go wrong.</summary>
    public int FaultPercent { get; set; } = 30;

    /// <summary>How often each value was put, by its text.</summary>
    public Dictionary<string, int> PutCounts { get; } = [];

    /// <summary>A hash of everything that happened, in order.</summary>
    public ulong EventHash => _hash;

    /// <summary>Work that goes on although nobody waits for it.</summary>
    public List<Task> Background { get; } = [];

    public IBucketClient ClientOf(int datacenter) => new Client(this, new DatacenterId((ushort)datacenter));

    public BucketState StateOf(BucketId bucket) => Of(bucket).State;

    /// <summary>Breaks or heals one direction of a random link.</summary>
    public void ChangeALink()
    {
        var from = (ushort)(1 + random.Next(3));
        var to = (ushort)(1 + random.Next(3));
        if (from != to && !_broken.Remove((from, to)) && _broken.Count < 3)
        {
            _broken.Add((from, to));
        }
    }

    public void Heal() => _broken.Clear();

    /// <summary>Applies a command as the next committed entry.</summary>
    public ApplyResult Commit(BucketId bucket, BucketCommand command)
    {
        var result = Of(bucket).State.Apply(CommandCodec.Encode(command));
        foreach (var change in result.Events.Span)
        {
            var text = System.Text.Encoding.ASCII.GetString(change.Record.Value.Span);
            PutCounts[text] = PutCounts.GetValueOrDefault(text) + 1;
            Mix((ulong)text.Length);
        }

        Mix((ulong)(result.Write?.Status ?? 0), (ulong)time.Now.Ticks, result.Write?.Revision.Value ?? 0);
        return result;
    }

    private bool Fault() => random.Next(100) < FaultPercent;

    private bool Chance(int percent) => random.Next(100) < percent;

    private Task Delay(int maxMilliseconds) => Task.Delay(TimeSpan.FromMicroseconds(random.Next((maxMilliseconds * 1000) + 1)), time);

    private void Mix(params ReadOnlySpan<ulong> values)
    {
        foreach (var value in values)
        {
            _hash = unchecked((_hash ^ value) * 1099511628211);
        }
    }

    private Bucket Of(BucketId id)
    {
        if (!_buckets.TryGetValue(id, out var bucket))
        {
            bucket = new Bucket { State = BucketState.Create(limits), Leader = map.PrimaryOf(id) };
            _buckets.Add(id, bucket);
        }

        return bucket;
    }

    private bool IsReachable(DatacenterId from, DatacenterId to) => from == to || !_broken.Contains((from.Value, to.Value));

    /// <summary>Passes a request on, and loses some of them.</summary>
    private async Task<CallResult> SendAsync(DatacenterId target, BucketId bucket, BucketRequest request)
    {
        Mix(bucket.Number, target.Value, (ulong)time.Now.Ticks);
        if (Fault() && Chance(30))
        {
            return SentCopy.NotSent;
        }

        if (Fault() && Chance(40))
        {
            // The link broke: nobody knows how far the request came. It may arrive late, but only once.
            if (Chance(90))
            {
                Background.Add(LateAsync());
            }

            await Delay(5);
            return SentCopy.Lost;
        }

        await Delay(5);
        var answer = await ServeAsync(target, bucket, request);
        await Delay(5);
        return Fault() && Chance(30) ? SentCopy.Lost : answer;

        async Task LateAsync()
        {
            await Delay(Chance(70) ? 800 : 4000);
            await ServeAsync(target, bucket, request);
        }
    }

    private async Task<CallResult> ServeAsync(DatacenterId replica, BucketId bucket, BucketRequest request)
    {
        if (time.Now >= request.Deadline)
        {
            return Refused(request, "Unavailable", DatacenterId.None);
        }

        if (Fault() && Chance(20))
        {
            Of(bucket).Leader = map.DatacentersOf(bucket)[random.Next(map.ReplicasPerBucket)];
        }

        var leader = Of(bucket).Leader;
        if (replica != leader && request is not PageRequest { Scan.Consistency: ReadConsistency.Eventual })
        {
            if (Fault() && Chance(30))
            {
                await Task.Delay(request.Deadline - time.Now, time);
                return Refused(request, "Unavailable", DatacenterId.None);
            }

            return Refused(request, "NotLeader", Chance(80) ? leader : DatacenterId.None);
        }

        if (Fault() && Chance(20))
        {
            return Refused(request, "Throttled", DatacenterId.None);
        }

        return request switch
        {
            WriteRequest write => await WriteAsync(bucket, write),
            OutcomeRequest outcome => await ProposeAsync(bucket, outcome, new SettleOutcomeCommand(time.Wall, outcome.RequestId, outcome.FirstSent)),
            ReadRequest read => Read(bucket, read),
            _ => Page(bucket, (PageRequest)request),
        };
    }

    private async Task<CallResult> WriteAsync(BucketId bucket, WriteRequest request)
    {
        var state = Of(bucket).State;
        var command = new TransactionCommand(time.Wall, request.Identity, request.Transaction);
        if (state.FindAnswer(command) is { } known)
        {
            return new CallResult(CallStatus.Answered, new BucketReply(0, Write: known));
        }

        if (Fault() && Chance(10))
        {
            return Refused(request, "DiskFull", DatacenterId.None);
        }

        // A guard that fails is answered without the log where nothing is pending: nobody will remember that.
        if (request.Identity.Id.Form == RequestIdForm.Session && Of(bucket).Pending == 0 && state.FindFailedGuard(request.Transaction) is >= 0 and var guard)
        {
            return new CallResult(
                CallStatus.Answered, new BucketReply(0, Write: new WriteResult(WriteStatus.PreconditionFailed, state.Revision) { FailedGuard = guard }));
        }

        return await ProposeAsync(bucket, request, command);
    }

    private async Task<CallResult> ProposeAsync(BucketId bucket, BucketRequest request, BucketCommand command)
    {
        var isLost = Fault() && Chance(20);
        var isSlow = Fault() && Chance(30);
        if (isLost && Chance(50))
        {
            // Overwritten by another leader's entry: it never will commit, and the replica knows.
            await Delay(300);
            return Refused(request, "NotLeader", Of(bucket).Leader);
        }

        var commit = CommitLaterAsync();
        Background.Add(commit);
        var deadline = Task.Delay(request.Deadline - time.Now, time);
        if (isLost || await Task.WhenAny(commit, deadline) != commit)
        {
            await deadline;
            return Refused(request, request is WriteRequest ? "OutcomeUnknown" : "Unknown", DatacenterId.None);
        }

        var result = await commit;
        return new CallResult(CallStatus.Answered, result.Write is { } write
            ? new BucketReply(0, Write: write with { DurableCopies = 2 })
            : new BucketReply(0, Outcome: result.Outcome));

        async Task<ApplyResult> CommitLaterAsync()
        {
            Of(bucket).Pending++;
            await Delay(isSlow ? 5000 : 20);
            Of(bucket).Pending--;
            var result = isLost ? default : Commit(bucket, command);
            if (Fault() && Chance(20))
            {
                // A copy of the entry that another leader took up.
                Background.Add(AgainAsync());
            }

            return result;
        }

        async Task AgainAsync()
        {
            await Delay(100_000);
            Commit(bucket, command);
        }
    }

    private CallResult Read(BucketId bucket, ReadRequest request)
    {
        var state = Of(bucket).State;
        var found = state.Records.TryGet(request.Key, out var record);
        return new CallResult(CallStatus.Answered, new BucketReply(0, Read: new ReadResult(
            found ? ReadStatus.Found : ReadStatus.NotFound, found ? record.ToRecord() : null, state.Revision, LogIndex.None)));
    }

    private CallResult Page(BucketId bucket, PageRequest request)
    {
        var state = Of(bucket).State;
        var page = new List<PackedRecord>();
        var next = state.Records.Scan(request.Scan, page);
        return new CallResult(CallStatus.Answered, new BucketReply(0, Page: new ScanPage(
            ReadStatus.Found, [.. page.Select(record => record.ToRecord(request.Scan.IncludeValues))], next, state.Revision, LogIndex.None)));
    }

    private static CallResult Refused(BucketRequest request, string status, DatacenterId leader) =>
        new SentCopy(default, default, default, default, request, default).Answer(status, leader.Value, status == "Throttled" ? TimeSpan.FromMilliseconds(20) : null);

    private sealed class Bucket
    {
        public required BucketState State { get; init; }

        public DatacenterId Leader { get; set; }

        public int Pending { get; set; }
    }

    private sealed class Client(FaultyCluster cluster, DatacenterId local) : IBucketClient
    {
        public DatacenterId Local => local;

        public MonotonicTime Now => cluster.Now;

        public WallTime Wall => cluster.Wall + TimeSpan.FromSeconds(10 * (local.Value - 2));

        public bool IsReachable(DatacenterId datacenter) => cluster.IsReachable(local, datacenter);

        public async ValueTask<CallResult> CallAsync(
            DatacenterId datacenter, BucketId bucket, BucketRequest request, RequestContext context, CancellationToken cancellationToken)
        {
            if (!IsReachable(datacenter))
            {
                return SentCopy.NotSent;
            }

            var call = cluster.SendAsync(datacenter, bucket, request);
            cluster.Background.Add(call);
            return await call.WaitAsync(cancellationToken);
        }

        public async ValueTask<CallResult> RelayAsync(
            DatacenterId relay, DatacenterId datacenter, BucketId bucket, BucketRequest request, RequestContext context, CancellationToken cancellationToken) =>
            IsReachable(relay) && cluster.IsReachable(relay, datacenter)
                ? await CallThroughAsync(datacenter, bucket, request, cancellationToken)
                : SentCopy.NotSent;

        private async Task<CallResult> CallThroughAsync(DatacenterId datacenter, BucketId bucket, BucketRequest request, CancellationToken cancellationToken)
        {
            var call = cluster.SendAsync(datacenter, bucket, request);
            cluster.Background.Add(call);
            return await call.WaitAsync(cancellationToken);
        }
    }

    private MonotonicTime Now => time.Now;

    private WallTime Wall => time.Wall;
}
