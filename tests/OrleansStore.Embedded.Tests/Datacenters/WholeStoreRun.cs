using Microsoft.Extensions.Logging.Abstractions;
using OrleansStore.Client;
using OrleansStore.Embedded.Tests.Harness;
using OrleansStore.Simulation;
using OrleansStore.Storage.Testing;
using OrleansStore.Verification;
using OrleansStore.Verification.Invariants;
using OrleansStore.Verification.Linearizability;
using OrleansStore.Verification.Nemesis;
using OrleansStore.Verification.Nemesis.Checks;
using OrleansStore.Verification.Nemesis.Workload;

namespace OrleansStore.Embedded.Tests.Datacenters;

/// <summary>One seed: clients with the library of production work through the facades while processes die, stand still and lose each other, and requests and answers come late or never; then all is
/// healed, and all that was said must fit together.</summary>
internal sealed class WholeStoreRun : IDisposable
{
    private const int Datacenters = 3;
    private const int Clients = 5;

    private const int Keys = 8;

    private static readonly TimeSpan Hostile = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(75);

    private readonly ulong _seed;
    private readonly SplitMix64 _random;
    private readonly VirtualDatacenters _store;
    private readonly VirtualHttp _http;
    private readonly NemesisClock _clock;
    private readonly WorkProgress _progress = new(Clients) { Interval = Pace };
    private readonly KeyFamilies _families = new("run/", Keys);
    private readonly HttpStore[] _stores;
    private readonly WorkClient[] _clients;
    private readonly CancellationTokenSource _stop = new();
    private Task[] _working = [];

    // What ends a fault, by the time at which it is due.
    private readonly PriorityQueue<Action, (long Ticks, int Order)> _endings = new();
    private readonly SortedDictionary<string, int> _faults = new(StringComparer.Ordinal);
    private int _order;

    public WholeStoreRun(ulong seed)
    {
        _seed = seed;
        _random = new SplitMix64(seed);
        _store = new VirtualDatacenters(Datacenters, seed, TimeSpan.FromMilliseconds(1 + (_random.Next(4) * 10)), buckets: 8, diskTime: TimeSpan.FromMilliseconds(1 + (_random.Next(3) * 8)));
        _http = new VirtualHttp(_store, _random.Fork());
        _clock = new NemesisClock(_store.World.Outside.Time);
        _stores = [.. Enumerable.Range(0, Clients).Select(CreateStore), .. Enumerable.Range(1, Datacenters).Select(CreateReadingStore)];
        _clients = [.. _stores.Take(Clients).Select((store, number) => CreateClient(number, store))];
    }

    /// <summary>Equal for equal runs.</summary>
    public ulong Hash => _store.World.EventHash;

    public int OperationCount => _clients.Sum(client => client.Log.Count);

    /// <summary>How often something rare happened to a request.</summary>
    public IEnumerable<(string What, int Times)> Rarities =>
    [
        ("answer lost", _http.LostAnswers),
        ("request late", _http.LateRequests),
        ("write repeated", _clients.Sum(client => client.Repeats)),
        ("write unknown", CountOf(WorkStatus.Unknown)),
        ("request failed", CountOf(WorkStatus.Failed)),
    ];

    /// <summary>How often each fault was injected.</summary>
    public IReadOnlyDictionary<string, int> Faults => _faults;

    public async Task RunAsync()
    {
        try
        {
            _working = [.. _clients.Select(client => client.RunAsync(_stop.Token))];
            Harm();
            Heal();
            var healed = _clock.Now;
            var readers = ReadAll();
            await CheckHistoryAsync([.. _clients.Concat(readers).Select(client => client.Log)], healed);
            _store.Stop();
        }
        catch (Exception exception)
        {
            var checker = (exception as SimulationViolationException)?.Property is { } property ? $"{property}" : "no checker";
            Assert.Fail($"seed {_seed} at {Now}, found by {checker}: {exception}");
        }
    }

    public void Dispose()
    {
        Array.ForEach(_stores, store => store.Dispose());
        _stop.Dispose();
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
        if ((_store.Failure ?? _http.Failure ?? Array.Find(_working, work => work.IsFaulted)?.Exception) is { } failure)
        {
            throw new SimulationViolationException($"A datacenter has ended, a facade has thrown, or a client was thrown at: {failure}");
        }
    }

    private void After(TimeSpan delay, Action act) => _endings.Enqueue(act, (_store.World.NowTicks + delay.Ticks, _order++));

    private void Inject()
    {
        var (number, other) = (1 + _random.Next(Datacenters), 1 + _random.Next(Datacenters));
        var duration = TimeSpan.FromMilliseconds(_random.Next(3_000));
        var (from, to) = (Identities.Dc(number), Identities.Dc(other));
        switch (_random.Next(8))
        {
            case 0 when _store[number] is not null:
                Kill(number, _random.Next(2) == 0 ? duration : duration / 10);
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
            case 6:
                Count("clients cut off");
                _http.Cut(number);
                After(duration, () => _http.Heal(number));
                break;
            case 7:
                Count("slow disk");
                _store.SetDiskTime(number, TimeSpan.FromMilliseconds(50 + _random.Next(350)));
                After(duration, () => _store.SetDiskTime(number, null));
                break;
            default:
                break;
        }
    }

    /// <summary>Kills a process and starts it again; sometimes that one does not live long, either, so that both have done little when they end.</summary>
    private void Kill(int number, TimeSpan downtime)
    {
        Count("kill");
        _store.Kill(number, (CrashLoss)(1 + _random.Next(3)));
        _http.Reset(number);
        After(downtime, () => _store.Start(number));
        if (_random.Next(3) == 0)
        {
            After(downtime + TimeSpan.FromMilliseconds(200 + _random.Next(800)), () =>
            {
                if (_store[number] is not null)
                {
                    Kill(number, TimeSpan.FromMilliseconds(_random.Next(100)));
                }
            });
        }
    }

    private int CountOf(WorkStatus status) =>
        _clients.Sum(client => Enumerable.Range(0, client.Log.Count).Count(index => client.Log[index].Status == status));

    /// <summary>The store as a client sees it who prefers one datacenter and goes to the others where that one fails.</summary>
    private HttpStore CreateStore(int client)
    {
        var options = new StoreClientOptions
        {
            Endpoints = [.. Enumerable.Range(0, Datacenters).Select(offset => VirtualHttp.AddressOf(1 + ((client + offset) % Datacenters)))],
            Timeout = TimeSpan.FromMilliseconds(500 + _random.Next(4_500)),
            AttemptTimeout = TimeSpan.FromMilliseconds(200 + _random.Next(1_800)),
            ConnectTimeout = TimeSpan.FromMilliseconds(100 + _random.Next(900)),
            MaxEndpointRest = TimeSpan.FromSeconds(1),
        };
        return CreateStore(options);
    }

    /// <summary>The store through one datacenter alone, with time enough for a bucket to wake.</summary>
    private HttpStore CreateReadingStore(int datacenter) => CreateStore(new StoreClientOptions { Endpoints = [VirtualHttp.AddressOf(datacenter)] });

    private HttpStore CreateStore(StoreClientOptions options) =>
        new(options, _http.CreateHandler(options.ConnectTimeout), _random.Fork(), _clock.Provider, NullLogger<HttpStore>.Instance);

    private WorkClient CreateClient(int number, IStore store) => new(number, store, _families, "run", _random.Fork(), _progress, _clock);

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
        _stop.Cancel();
        RunFor(TimeSpan.FromSeconds(12));

        // Who was told while waiting for its turn ends on a thread of the pool, in its own time, and does nothing more there.
        Require(Task.WaitAll(_working, TimeSpan.FromSeconds(30)), VerifiedProperty.Liveness, "a client was not answered");
    }

    /// <summary>Reads every key that was ever used, through every datacenter: a healthy store answers.</summary>
    private WorkClient[] ReadAll()
    {
        WorkClient[] readers = [.. _stores.Skip(Clients).Select((store, number) => CreateClient(Clients + number, store))];
        foreach (var reader in readers)
        {
            for (var key = 0; key < _families.Count * KeyFamilies.Size; key++)
            {
                // A second try: now and then an answer is lost until the end.
                Require(IsAnswered(reader.ReadAsync(key)) || IsAnswered(reader.ReadAsync(key)), VerifiedProperty.Liveness, $"a healthy store does not answer a read of {_families.KeyOf(key)}");
            }
        }

        return readers;
    }

    private bool IsAnswered(Task<bool> reading)
    {
        _store.World.RunUntil(() => reading.IsCompleted, TimeSpan.FromSeconds(10));
        return reading.Result;
    }

    private async Task CheckHistoryAsync(IReadOnlyList<OperationLog> logs, TimeSpan healed)
    {
        Require(_clients.All(client => client.Contradictions.Count == 0), VerifiedProperty.AtMostOnce, string.Join("; ", _clients.SelectMany(client => client.Contradictions)));
        var recorded = new RecordedHistory(logs, _families);
        var verdict = await new HistoryCheck(recorded, _families, healed).RunAsync();
        Require(verdict.Linearizability == LinearizabilityVerdict.Linearizable, VerifiedProperty.Linearizability, $"{verdict.Linearizability}: {verdict.Counterexample}");
        Require(verdict.LostWrites.Count == 0, VerifiedProperty.QuorumDurability, string.Join("; ", verdict.LostWrites));
        var map = Placement.PlacementMap.Create(VirtualStore.Topology(Datacenters, buckets: 8));
        RevisionOrderChecker.Check(
            [.. Enumerable.Range(0, recorded.FamilyCount).SelectMany(recorded.OperationsOf)],
            key => map.BucketOf(key.Namespace, key.Bytes.Span),
            violation => throw new SimulationViolationException(violation));
    }

    private static void Require(bool condition, VerifiedProperty property, string otherwise)
    {
        if (!condition)
        {
            throw new SimulationViolationException(new Violation(property, otherwise));
        }
    }
}
