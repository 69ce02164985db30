using System.Text;
using OrleansStore.Embedded.Testing;
using OrleansStore.Service;
using OrleansStore.Verification.Histories;

namespace OrleansStore.Embedded.Tests.Harness;

/// <summary>A client that does one operation after another, at whatever datacenter is up, and notes what it was told.</summary>
internal sealed class VirtualClient(VirtualDatacenters store, History history, int number, ulong seed)
{
    public static readonly StoreKey[] Keys = [.. Enumerable.Range(0, 6).Select(key => StoreKey.FromText($"key-{key}")), .. Enumerable.Range(0, 3).Select(key => StoreKey.FromText($"{{g}}/{key}"))];

    // A client waits a little longer than it asked the store to.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly SplitMix64 _random = new(seed);
    private readonly VirtualProcess _process = store.World.CreateProcess($"client {number}");
    private readonly Dictionary<StoreKey, Revision> _lastSeen = [];
    private int _lastValue;

    private TimeSpan Now => new(store.World.NowTicks);

    public bool IsStopped { get; set; }

    public Task? Work { get; private set; }

    public void Start() => Work = _process.Start(async () =>
    {
        while (!IsStopped)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1 + _random.Next(150)), _process.Time);
            var timeout = TimeSpan.FromMilliseconds(500 + _random.Next(4_000));
            var datacenter = 1 + _random.Next(store.Count);
            if (store[datacenter] is null)
            {
                continue;
            }

            await (_random.Next(10) < 4 ? ReadAsync(datacenter, Keys[_random.Next(Keys.Length)], timeout) : WriteAsync(datacenter, timeout));
        }
    });

    /// <summary>Reads a key, and notes it.</summary>
    /// <returns>Null where no answer came.</returns>
    public async Task<ReadStatus?> ReadAsync(int datacenter, StoreKey key, TimeSpan timeout)
    {
        var operation = history.BeginRead(number, key, Now);
        if (await CallAsync(datacenter, timeout, (service, context) => service.ReadAsync(key, ReadConsistency.Linearizable, context, CancellationToken.None)) is not { } reply)
        {
            return null;
        }

        history.EndRead(operation, reply.Result, Now);
        _lastSeen[key] = reply.Result.Record?.ModifyRevision ?? Revision.None;
        return reply.Result.Status;
    }

    /// <summary>Runs something as this client would.</summary>
    public Task Run(Func<Task> work) => _process.Start(work);

    private async Task WriteAsync(int datacenter, TimeSpan timeout)
    {
        var transaction = Draw($"{number}/{++_lastValue}");
        var operation = history.BeginWrite(number, transaction, Now);
        if (await CallAsync(datacenter, timeout, (service, context) => service.WriteAsync(transaction, default, context, CancellationToken.None)) is { } reply
            && reply.Result.Status != WriteStatus.OutcomeUnknown)
        {
            history.EndWrite(operation, reply.Result, Now);
        }
    }

    /// <summary>Calls a datacenter from its own process: one that dies takes the answer with it.</summary>
    private async Task<StoreReply<T>?> CallAsync<T>(int datacenter, TimeSpan timeout, Func<IStoreService, RequestContext, ValueTask<StoreReply<T>>> call)
        where T : class
    {
        StoreReply<T>? reply = null;
        var service = store[datacenter]!.Store;
        var running = store.ProcessOf(datacenter).Start(async () => reply = await call(service, VirtualDatacenters.Context(timeout)));
        if (await Task.WhenAny(running, Task.Delay(timeout + Grace, _process.Time)) == running)
        {
            await running;
        }

        return reply;
    }

    private Transaction Draw(string text)
    {
        var key = Keys[_random.Next(Keys.Length)];
        var value = Encoding.UTF8.GetBytes(text);
        return _random.Next(10) switch
        {
            < 5 => Transaction.Of(Operation.Put(key, value, contentType: null)),
            < 7 => Transaction.Of(Operation.Put(key, value, contentType: null), _lastSeen.GetValueOrDefault(key) is { } seen && seen != Revision.None ? Guard.RevisionIn(key, seen) : Guard.NotExists(key)),
            < 8 => Transaction.Of(Operation.Delete(key)),
            _ => new Transaction([], [Operation.Put(Keys[^1], value, contentType: null), Operation.Put(Keys[^2], value, contentType: null)]),
        };
    }
}
