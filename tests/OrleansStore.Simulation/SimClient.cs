using System.Buffers.Binary;
using System.Security.Claims;
using OrleansStore.Service;

namespace OrleansStore.Simulation;

/// <summary>A client that does one operation after another, at whatever datacenter, and notes what it was told.</summary>
internal sealed class SimClient(SimCluster cluster, int number)
{
    public const int Keys = 12;
    private const int MaxOperationsPerKey = 40;

    private readonly SimScheduler _scheduler = new(cluster.World);
    private readonly Dictionary<int, ulong> _lastSeen = [];
    private readonly ClaimsPrincipal _principal = new(new ClaimsIdentity());
    private ulong _lastValue;
    private bool _isStopped;
    private Task? _work;

    public List<SimOperation> History { get; } = [];

    public static StoreKey KeyOf(int key) => StoreKey.FromText($"key-{key}");

    public void Start() => _work = Run(RunAsync);

    /// <summary>Runs something as this client would, on the one thread of the simulation.</summary>
    public Task Run(Func<Task> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap();

    /// <inheritdoc cref="Run(Func{Task})"/>
    public Task<T> Run<T>(Func<Task<T>> work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap();

    /// <summary>Why the client stopped by itself; null while it has not.</summary>
    public Exception? Failure => _work?.Exception;

    public void Stop() => _isStopped = true;

    private async Task RunAsync()
    {
        while (!_isStopped)
        {
            await cluster.World.Delay(cluster.World.Milliseconds(250), _scheduler);
            var datacenter = cluster.Datacenters[cluster.World.Random.Next(cluster.Datacenters.Count)];
            if (datacenter is { Store: { } store, IsStopped: false } && Draw() is { } operation)
            {
                History.Add(operation);
                await PerformAsync(store, operation);
                cluster.World.Observe((ulong)operation.Kind, (ulong)operation.Key, operation.Value, (ulong)operation.Outcome);
            }
        }
    }

    private SimOperation? Draw()
    {
        var key = cluster.World.Random.Next(Keys);
        if (cluster.Clients.Sum(client => client.History.Count(operation => operation.Key == key)) >= MaxOperationsPerKey * cluster.Clients.Count)
        {
            return null;
        }

        var kind = cluster.World.Random.Next(10) switch
        {
            < 4 => SimOperationKind.Get,
            < 7 => SimOperationKind.Put,
            < 9 => SimOperationKind.CompareAndSet,
            _ => SimOperationKind.Delete,
        };
        return new SimOperation
        {
            Kind = kind,
            Key = key,
            Value = kind is SimOperationKind.Put or SimOperationKind.CompareAndSet ? ((ulong)(number + 1) << 32) | ++_lastValue : 0,
            Expected = _lastSeen.GetValueOrDefault(key),
            Begin = cluster.World.Time,
        };
    }

    private async Task PerformAsync(IStoreService store, SimOperation operation)
    {
        var context = new RequestContext(TimeSpan.FromMilliseconds(500 + cluster.World.Random.Next(4_000)), _principal);
        var call = PerformAsync(store, operation, context);

        // A process that dies takes its answer with it. The client waits a little longer than it asked the store to.
        var patience = cluster.World.Delay(context.Timeout + TimeSpan.FromSeconds(1), _scheduler).AsTask();
        if (await Task.WhenAny(call, patience) != call)
        {
            cluster.Reached("no answer at all");
            return;
        }

        operation.Outcome = await call;
        if (operation.Outcome != SimOutcome.Unknown)
        {
            operation.End = cluster.World.Time;
            _lastSeen[operation.Key] = operation.Outcome == SimOutcome.Ok ? operation.Value : _lastSeen.GetValueOrDefault(operation.Key);
        }

        cluster.Reached($"{operation.Kind} {operation.Outcome}");
    }

    private static async Task<SimOutcome> PerformAsync(IStoreService store, SimOperation operation, RequestContext context)
    {
        var key = KeyOf(operation.Key);
        if (operation.Kind == SimOperationKind.Get)
        {
            var read = (await store.ReadAsync(key, ReadConsistency.Linearizable, context, CancellationToken.None)).Result;
            operation.Value = read.Record is { } record ? BinaryPrimitives.ReadUInt64LittleEndian(record.Value.Span) : 0;
            return read.Status is ReadStatus.Found or ReadStatus.NotFound ? SimOutcome.Ok : SimOutcome.Failed;
        }

        var write = (await store.WriteAsync(Transaction(operation, key), null, context, CancellationToken.None)).Result;
        return write.Status switch
        {
            WriteStatus.Applied => SimOutcome.Ok,
            WriteStatus.NotFound or WriteStatus.PreconditionFailed => SimOutcome.Rejected,
            WriteStatus.OutcomeUnknown => SimOutcome.Unknown,
            _ => SimOutcome.Failed,
        };
    }

    private static Transaction Transaction(SimOperation operation, StoreKey key)
    {
        if (operation.Kind == SimOperationKind.Delete)
        {
            return OrleansStore.Transaction.Of(Operation.Delete(key));
        }

        // Values of very different lengths, so that logs, snapshots and blocks end everywhere.
        var put = Operation.Put(key, Encode(operation.Value, 8 + (int)(operation.Value * 37 % 300)), "text/plain");
        return operation.Kind == SimOperationKind.Put
            ? OrleansStore.Transaction.Of(put)
            : OrleansStore.Transaction.Of(put, operation.Expected == 0 ? Guard.NotExists(key) : Guard.ValueEquals(key, Encode(operation.Expected, 8 + (int)(operation.Expected * 37 % 300))));
    }

    private static byte[] Encode(ulong value, int length)
    {
        var bytes = new byte[length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
