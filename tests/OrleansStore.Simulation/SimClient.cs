using System.Security.Claims;
using OrleansStore.Service;
using OrleansStore.Service.Routing;

namespace OrleansStore.Simulation;

/// <summary>A client that does one operation after another, at whatever datacenter, and notes what it was told.</summary>
internal sealed class SimClient(SimCluster cluster, int number)
{
    /// <summary>Keys by themselves, and two groups of keys that share a bucket.</summary>
    public static readonly StoreKey[] Keys =
    [
        .. Enumerable.Range(0, 10).Select(key => StoreKey.FromText($"key-{key}")),
        .. GroupNames.SelectMany(group => Enumerable.Range(0, KeysPerGroup).Select(key => StoreKey.FromText($"{{{group}}}/{key}"))),
    ];

    private const int KeysPerGroup = 3;

    // A client waits a little longer than it asked the store to.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);
    private static string[] GroupNames => ["g", "h"];

    private readonly SimScheduler _scheduler = new(cluster.World);
    private readonly Dictionary<StoreKey, StoreRecord?> _lastSeen = [];
    private readonly ClaimsPrincipal _principal = new(new ClaimsIdentity());
    private ulong _lastValue;
    private bool _isStopped;
    private Task? _work;

    public void Start() => _work = Run(async () =>
    {
        await WorkAsync();
        return true;
    });

    /// <summary>Runs something as this client would, on the one thread of the simulation.</summary>
    public Task<T> Run<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap();

    /// <summary>Why the client stopped by itself; null while it has not.</summary>
    public Exception? Failure => _work?.Exception;

    public void Stop() => _isStopped = true;

    /// <summary>Reads a key through a store, and notes it in the history.</summary>
    public async Task<ReadStatus?> ReadAsync(StoreRouter store, StoreKey key, TimeSpan timeout)
    {
        var operation = cluster.Checks.History.BeginRead(number, key, cluster.World.Time);
        var call = store.ReadAsync(key, ReadConsistency.Linearizable, new RequestContext(timeout, _principal), CancellationToken.None).AsTask();
        if (!await IsAnsweredAsync(call, timeout + Grace))
        {
            return null;
        }

        var result = (await call).Result;
        cluster.Checks.History.EndRead(operation, result, cluster.World.Time);
        if (result.Status is ReadStatus.Found or ReadStatus.NotFound)
        {
            _lastSeen[key] = result.Record;
        }

        cluster.Reached($"get {result.Status}");
        cluster.World.Observe((ulong)result.Status, result.Revision.Value);
        return result.Status;
    }

    private async Task WorkAsync()
    {
        while (!_isStopped)
        {
            await cluster.World.Delay(cluster.World.Milliseconds(250), _scheduler);
            if (AnyStore() is not { } store)
            {
                continue;
            }

            var timeout = TimeSpan.FromMilliseconds(500 + Next(4_000));
            if (Next(10) < 4)
            {
                await ReadAsync(store, Keys[Next(Keys.Length)], timeout);
            }
            else
            {
                await WriteAsync(store, timeout);
            }
        }
    }

    private int Next(int end) => cluster.World.Random.Next(end);

    /// <summary>The store of some datacenter; null if that one is not up.</summary>
    private StoreRouter? AnyStore() => cluster.Datacenters[Next(cluster.Datacenters.Count)] is { Store: { } store, IsStopped: false } ? store : null;

    private async Task WriteAsync(StoreRouter store, TimeSpan timeout)
    {
        var mark = ((ulong)(number + 1) << 32) | ++_lastValue;
        var (kind, transaction) = Draw(mark);
        mark = transaction.Operations.Any(operation => operation.Kind == OperationKind.Put) ? mark : 0;

        // Without a key of its own the router gives the request the id of a session.
        var ownKey = Next(3) == 0 ? $"client-{number}-{_lastValue}" : null;
        var operation = cluster.Checks.History.BeginWrite(number, transaction, cluster.World.Time);
        var call = store.WriteAsync(transaction, ownKey is null ? default : new RequestIdentity(RequestId.ForKey(ownKey)), new RequestContext(timeout, _principal), CancellationToken.None).AsTask();
        var id = ownKey is null ? RequestId.None : RequestId.ForKey(ownKey);
        var status = WriteStatus.OutcomeUnknown;

        // Who asks for the outcome of a write that is still under way gets an answer that binds it, too.
        var patience = ownKey is not null && cluster.Faults.ClientsAreImpatient ? cluster.World.Milliseconds(100) : timeout + Grace;
        if (await IsAnsweredAsync(call, patience))
        {
            var reply = await call;
            (id, status) = (reply.RequestId, reply.Result.Status);
            cluster.Checks.ObserveAnswer(reply.Bucket, id, mark, reply.Result);
            if (status != WriteStatus.OutcomeUnknown)
            {
                cluster.Checks.History.EndWrite(operation, reply.Result, cluster.World.Time);
            }

            cluster.World.Observe((ulong)status, reply.Result.Revision.Value);
        }

        cluster.Reached($"{kind} {status}");
        if (status == WriteStatus.OutcomeUnknown && id != RequestId.None && Next(2) == 0 && AnyStore() is { } other)
        {
            await AskForOutcomeAsync(other, transaction.Operations[0].Key, id, mark, operation);
        }
    }

    private async Task AskForOutcomeAsync(StoreRouter store, StoreKey key, RequestId id, ulong mark, int operation)
    {
        var timeout = TimeSpan.FromSeconds(5);
        var call = store.GetOutcomeAsync(key, id, firstSent: null, new RequestContext(timeout, _principal), CancellationToken.None).AsTask();
        if (!await IsAnsweredAsync(call, timeout + Grace))
        {
            return;
        }

        var reply = await call;
        cluster.Reached($"outcome {reply.Result.Status}");
        cluster.Checks.ObserveOutcome(reply.Bucket, mark, reply.Result);
        var told = reply.Result.Status == OutcomeStatus.NeverApplied ? new WriteResult(WriteStatus.NeverApplied, Revision.None) : reply.Result.Result;
        if (told is not null && reply.Result.Status is OutcomeStatus.Applied or OutcomeStatus.Rejected or OutcomeStatus.NeverApplied)
        {
            cluster.Checks.History.EndWrite(operation, told!, cluster.World.Time);
        }
    }

    /// <summary>Whether an answer comes in time: a process that dies takes it with it.</summary>
    private async Task<bool> IsAnsweredAsync(Task call, TimeSpan patience)
    {
        var end = cluster.World.Delay(patience, _scheduler).AsTask();
        if (await Task.WhenAny(call, end) == call)
        {
            return true;
        }

        cluster.Reached("no answer at all");
        return false;
    }

    private (string Kind, Transaction Transaction) Draw(ulong mark)
    {
        var key = Keys[Next(Keys.Length)];
        var put = Operation.Put(key, SimMarks.ToValue(mark), "text/plain");
        switch (Next(10))
        {
            case < 4:
                return ("put", Transaction.Of(put));
            case < 7:
                return ("compare-and-set", Transaction.Of(put, GuardOf(key)));
            case < 8:
                return ("delete", Transaction.Of(Operation.Delete(key)));
            default:
                return ("transaction", DrawTransaction(mark));
        }
    }

    private Guard GuardOf(StoreKey key) => _lastSeen.GetValueOrDefault(key) switch
    {
        null => Guard.NotExists(key),
        { } record when Next(2) == 0 => Guard.ValueEquals(key, record.Value),
        { } record => Guard.RevisionIn(key, record.ModifyRevision),
    };

    private Transaction DrawTransaction(ulong mark)
    {
        var first = Keys.Length - (KeysPerGroup * (1 + Next(GroupNames.Length)));
        var keys = Keys[first..(first + KeysPerGroup)];
        Guard[] guards = Next(2) == 0 ? [] : [GuardOf(keys[Next(KeysPerGroup)])];
        return new Transaction([.. guards], [Operation.Put(keys[0], SimMarks.ToValue(mark)), Next(3) == 0 ? Operation.Delete(keys[1]) : Operation.Put(keys[1], SimMarks.ToValue(mark))]);
    }
}
