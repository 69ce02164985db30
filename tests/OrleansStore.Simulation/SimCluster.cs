using System.Buffers.Binary;
using System.Security.Claims;
using OrleansStore.Placement;
using OrleansStore.Service;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Replicas;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Simulation;

/// <summary>A whole store in virtual time: datacenters, network, clients and faults, all drawn from one seed.</summary>
internal sealed class SimCluster : IMemberDirectory
{
    private const int BucketCount = 4;

    private readonly List<SimDatacenter> _datacenters = [];
    private readonly SortedDictionary<string, int> _reached = new(StringComparer.Ordinal);

    public SimCluster(ulong seed)
    {
        World = new SimWorld(seed);
        Faults = SimFaults.Draw(World.Random);
        Network = new SimNetwork(World, Faults);
        Placement = PlacementMap.Create(Topology.Create(new TopologyDraft
        {
            Datacenters = [.. Enumerable.Range(1, Faults.Datacenters).Select(number => new Datacenter(new DatacenterId((ushort)number), $"dc{number}"))],
            ReplicationFactor = Faults.ReplicationFactor,
            BucketCount = BucketCount,
        }));
        for (var number = 1; number <= Faults.Datacenters; number++)
        {
            _datacenters.Add(new SimDatacenter(this, number));
        }

        Checker = new SimChecker(this);
        Clients = [.. Enumerable.Range(0, 3).Select(number => new SimClient(this, number))];
    }

    public SimWorld World { get; }

    public SimFaults Faults { get; }

    public SimNetwork Network { get; }

    public PlacementMap Placement { get; }

    public SimChecker Checker { get; }

    public IReadOnlyList<SimClient> Clients { get; }

    public IReadOnlyList<SimDatacenter> Datacenters => _datacenters;

    public IReadOnlyDictionary<string, int> RareStates => _reached;

    public SimDatacenter this[int number] => _datacenters[number - 1];

    public ReplicaId Founding(DatacenterId datacenter) => ReplicaId.Create(datacenter.Value, 1);

    public ReplicaId Current(DatacenterId datacenter) => Founding(datacenter);

    public void Reached(string state) => _reached[state] = _reached.GetValueOrDefault(state) + 1;

    public IStoreService CreateStore(BucketSilo silo, TimeProvider time) => SimStores.Create(this, silo, time);

    /// <summary>Runs under faults, then heals everything and expects the store to answer again, and to agree.</summary>
    public void Run(TimeSpan hostile)
    {
        foreach (var datacenter in _datacenters)
        {
            datacenter.Start();
        }

        foreach (var client in Clients)
        {
            client.Start();
        }

        World.Recur(TimeSpan.FromMilliseconds(25), Checker.Watch);
        ScheduleFault();
        World.RunUntil(hostile);
        Heal();
        World.RunUntil(hostile + TimeSpan.FromSeconds(10));
        foreach (var client in Clients)
        {
            client.Stop();
        }

        World.RunUntil(hostile + TimeSpan.FromSeconds(25));
        Checker.CheckEnd();
    }

    /// <summary>How things stand, for a person who looks for a fault.</summary>
    public string Describe()
    {
        var lines = new List<string> { string.Join(", ", _reached.Select(state => $"{state.Key}: {state.Value}")) };
        foreach (var datacenter in _datacenters)
        {
            var links = datacenter.Links?.Status().Select(link => $"{link.Peer} {link.State}") ?? [];
            lines.Add($"dc{datacenter.Number}: up {datacenter.IsUp}, links {string.Join(", ", links)}");
            for (uint number = 0; number < BucketCount && datacenter.Silo is { } silo; number++)
            {
                lines.Add($"  bucket {number}: active {silo.IsActive(new BucketId(number))}, {silo.StatusOf(new BucketId(number))}, writes refused with {silo.Surroundings.RefusesWritesWith}");
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>Reads a key through a datacenter, and notes it in the history.</summary>
    public async Task<ReadStatus> ReadAtEnd(SimDatacenter datacenter, int key)
    {
        var operation = new SimOperation { Kind = SimOperationKind.Get, Key = key, Begin = World.Time };
        var store = datacenter.Store ?? throw new SimulationViolationException($"dc{datacenter.Number} is not up although nothing is wrong");
        var context = new RequestContext(TimeSpan.FromSeconds(10), new ClaimsPrincipal(new ClaimsIdentity()));
        var read = (await store.ReadAsync(SimClient.KeyOf(key), ReadConsistency.Linearizable, context, CancellationToken.None)).Result;
        operation.Value = read.Record is { } record ? BinaryPrimitives.ReadUInt64LittleEndian(record.Value.Span) : 0;
        operation.Outcome = read.Status is ReadStatus.Found or ReadStatus.NotFound ? SimOutcome.Ok : SimOutcome.Failed;
        operation.End = World.Time;
        Clients[0].History.Add(operation);
        return read.Status;
    }

    private void ScheduleFault() => World.After(TimeSpan.FromMilliseconds(1 + World.Random.Next(2 * Faults.FaultEveryMs)), () =>
    {
        if (Network.IsHostile)
        {
            InjectFault();
            ScheduleFault();
        }
    });

    private void InjectFault()
    {
        var datacenter = _datacenters[World.Random.Next(_datacenters.Count)];
        var other = _datacenters[World.Random.Next(_datacenters.Count)];
        var duration = World.Milliseconds(3_000);
        switch (World.Random.Next(6))
        {
            case 0 when datacenter.IsUp:
                Reached("crash");
                datacenter.Crash((CrashLoss)World.Random.Next(3));
                World.After(duration, datacenter.Start);
                break;
            case 1 when datacenter.IsUp && !datacenter.IsStopped:
                Reached("pause");
                var scheduler = datacenter.Scheduler;
                scheduler.Stop();
                World.After(duration, scheduler.Resume);
                break;
            case 2:
                Reached("isolation");
                Isolate(datacenter, duration, oneWay: World.Random.Next(2) == 0);
                break;
            case 3 when datacenter != other:
                Reached("broken pair");
                CutFor(datacenter, other, duration);
                CutFor(other, datacenter, duration);
                break;
            case 4 when datacenter != other:
                Reached("one-way cut");
                CutFor(datacenter, other, duration);
                break;
            case 5 when World.Random.Next(4) == 0:
                Reached("all crash");
                foreach (var each in _datacenters.Where(each => each.IsUp))
                {
                    each.Crash((CrashLoss)World.Random.Next(3));
                    World.After(World.Milliseconds(1_000), each.Start);
                }

                break;
            default:
                break;
        }
    }

    private void Isolate(SimDatacenter datacenter, TimeSpan duration, bool oneWay)
    {
        foreach (var other in _datacenters.Where(other => other != datacenter))
        {
            CutFor(datacenter, other, duration);
            if (!oneWay)
            {
                CutFor(other, datacenter, duration);
            }
        }
    }

    private void CutFor(SimDatacenter from, SimDatacenter to, TimeSpan duration)
    {
        Network.Cut(from.Number, to.Number);
        World.After(duration, () => Network.Heal(from.Number, to.Number));
    }

    private void Heal()
    {
        Network.IsHostile = false;
        Network.HealAll();
    }
}
