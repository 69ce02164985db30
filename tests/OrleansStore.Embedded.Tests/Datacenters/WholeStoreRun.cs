using OrleansStore.Embedded.Tests.Harness;
using OrleansStore.Storage.Testing;
using OrleansStore.Verification;
using OrleansStore.Verification.Histories;
using OrleansStore.Verification.Invariants;
using OrleansStore.Verification.Linearizability;

namespace OrleansStore.Embedded.Tests.Datacenters;

/// <summary>One seed: clients work while processes die, stand still and lose each other; then all is healed, and all that was said must fit together.</summary>
internal sealed class WholeStoreRun
{
    private const int Datacenters = 3;
    private const int Clients = 5;

    private static readonly TimeSpan Hostile = TimeSpan.FromSeconds(20);

    private readonly ulong _seed;
    private readonly SplitMix64 _random;
    private readonly VirtualDatacenters _store;
    private readonly History _history = new();
    private readonly VirtualClient[] _clients;

    // What ends a fault, by the time at which it is due.
    private readonly PriorityQueue<Action, (long Ticks, int Order)> _endings = new();
    private readonly SortedDictionary<string, int> _faults = new(StringComparer.Ordinal);
    private int _order;

    public WholeStoreRun(ulong seed)
    {
        _seed = seed;
        _random = new SplitMix64(seed);
        _store = new VirtualDatacenters(Datacenters, seed, TimeSpan.FromMilliseconds(1 + (_random.Next(4) * 10)), buckets: 8, diskTime: TimeSpan.FromMilliseconds(1 + (_random.Next(3) * 8)));
        _clients = [.. Enumerable.Range(0, Clients).Select(number => new VirtualClient(_store, _history, number, (seed * 100) + (ulong)number))];
    }

    /// <summary>Equal for equal runs.</summary>
    public ulong Hash => _store.World.EventHash;

    public int OperationCount => _history.Operations.Count;

    /// <summary>How often each fault was injected.</summary>
    public IReadOnlyDictionary<string, int> Faults => _faults;

    public void Run()
    {
        try
        {
            foreach (var client in _clients)
            {
                client.Start();
            }

            Harm();
            Heal();
            CheckAlive();
            CheckHistory();
            _store.Stop();
        }
        catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"seed {_seed} at {Now}: {exception}");
        }
    }

    private TimeSpan Now => new(_store.World.NowTicks);

    private void Harm()
    {
        var end = Now + Hostile;
        while (Now < end)
        {
            RunFor(TimeSpan.FromMilliseconds(100 + _random.Next(2_000)));
            Inject();
        }
    }

    /// <summary>Lets time pass; what is due in it happens in it.</summary>
    private void RunFor(TimeSpan span)
    {
        var end = _store.World.NowTicks + span.Ticks;
        while (_endings.TryPeek(out var ending, out var due) && due.Ticks <= end)
        {
            _endings.Dequeue();
            _store.World.RunFor(new TimeSpan(Math.Max(0, due.Ticks - _store.World.NowTicks)));
            ending();
        }

        _store.World.RunFor(new TimeSpan(end - _store.World.NowTicks));
        Assert.True(_store.Failure is null, $"seed {_seed} at {Now}: {_store.Failure}");
        Assert.All(_clients, client => Assert.False(client.Work!.IsFaulted, $"seed {_seed} at {Now}: a client was thrown at: {client.Work.Exception}"));
    }

    private void After(TimeSpan delay, Action act) => _endings.Enqueue(act, (_store.World.NowTicks + delay.Ticks, _order++));

    private void Inject()
    {
        var (number, other) = (1 + _random.Next(Datacenters), 1 + _random.Next(Datacenters));
        var duration = TimeSpan.FromMilliseconds(_random.Next(3_000));
        var (from, to) = (Identities.Dc(number), Identities.Dc(other));
        switch (_random.Next(6))
        {
            case 0 when _store[number] is not null:
                Count("kill");
                _store.Kill(number, (CrashLoss)(1 + _random.Next(3)));
                After(duration, () => _store.Start(number));
                break;
            case 1 when _store[number] is not null:
                Count("pause");
                var process = _store.ProcessOf(number);
                process.Pause();
                After(duration, process.Resume);
                break;
            case 2 when number != other:
                Count("broken pair");
                Cut(from, to, duration);
                Cut(to, from, duration);
                break;
            case 3 when number != other:
                Count("one-way cut");
                Cut(from, to, duration);
                break;
            case 4 when number != other:
                Count("bulk connections cut");
                _store.Network.CutBulk(from, to);
                After(duration, () => _store.Network.Heal(from, to));
                break;
            case 5:
                Count("isolation");
                foreach (var peer in Enumerable.Range(1, Datacenters).Where(peer => peer != number).Select(Identities.Dc))
                {
                    Cut(from, peer, duration);
                    Cut(peer, from, duration);
                }

                break;
            default:
                break;
        }
    }

    private void Count(string fault) => _faults[fault] = _faults.GetValueOrDefault(fault) + 1;

    private void Cut(DatacenterId from, DatacenterId to, TimeSpan duration)
    {
        _store.Network.Cut(from, to);
        After(duration, () => _store.Network.Heal(from, to));
    }

    /// <summary>Ends all faults at their time, and gives the clients a while of peace.</summary>
    private void Heal()
    {
        while (_endings.TryPeek(out _, out var due))
        {
            RunFor(new TimeSpan(Math.Max(0, due.Ticks - _store.World.NowTicks)));
        }

        _store.AwaitReady();
        RunFor(TimeSpan.FromSeconds(5));
        Array.ForEach(_clients, client => client.IsStopped = true);
        RunFor(TimeSpan.FromSeconds(6));
        Assert.All(_clients, client => Assert.True(client.Work!.IsCompletedSuccessfully, $"seed {_seed}: a client was not answered"));
    }

    private void CheckAlive()
    {
        for (var number = 1; number <= Datacenters; number++)
        {
            foreach (var key in VirtualClient.Keys)
            {
                ReadStatus? status = null;
                var reading = _clients[0].Run(async () => status = await _clients[0].ReadAsync(number, key, TimeSpan.FromSeconds(5)));
                _store.World.RunUntil(() => reading.IsCompleted, TimeSpan.FromSeconds(7));
                Assert.True(status is ReadStatus.Found or ReadStatus.NotFound, $"seed {_seed}: a healthy store answers a read of {key} through dc{number} with {status}");
            }
        }
    }

    private void CheckHistory()
    {
        var violations = new List<Violation>();
        var map = Placement.PlacementMap.Create(VirtualStore.Topology(Datacenters, buckets: 8));
        RevisionOrderChecker.Check(_history.Operations, key => map.BucketOf(key.Namespace, key.Bytes.Span), violations.Add);
        Assert.True(violations.Count == 0, $"seed {_seed}: {string.Join("; ", violations)}");
        var report = LinearizabilityChecker.Check(_history.Operations);
        Assert.True(report.Verdict == LinearizabilityVerdict.Linearizable, $"seed {_seed}: {report.Verdict}: {report.Counterexample}");
    }
}
