using System.Security.Claims;
using OrleansStore.Placement;
using OrleansStore.Service;
using OrleansStore.Service.Engine;
using OrleansStore.Storage.Testing;
using OrleansStore.Verification.Histories;

namespace OrleansStore.Simulation;

/// <summary>Three datacenters with one bucket in virtual time. The first has two silos on one database; the network, and the ways to the databases, are cut and healed again and again.</summary>
internal sealed class SharedCluster : IMemberDirectory
{
    private const int Keys = 3;
    private const int Clients = 5;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromMilliseconds(600);
    private static readonly ClaimsPrincipal Nobody = new(new ClaimsIdentity());

    private static readonly int[] DatacenterOfSilo = [1, 1, 2, 3];

    private readonly SharedSilo[] _silos;
    private readonly HashSet<(SharedSilo, SharedSilo)> _cut = [];
    private readonly SimScheduler _clients;
    private ulong _lastValue;

    public SharedCluster(ulong seed, bool isClaimIgnored)
    {
        World = new SimWorld(seed);
        _clients = new SimScheduler(World);
        Placement = PlacementMap.Create(Topology.Create(new TopologyDraft
        {
            Datacenters = [.. Enumerable.Range(1, 3).Select(number => new Datacenter(new DatacenterId((ushort)number), $"dc{number}"))],
            PrimaryDatacenter = new DatacenterId(1),
            ReplicationFactor = 3,
            BucketCount = 1,
        }));
        MemoryDatabase[] databases = [.. Enumerable.Range(1, 3).Select(_ => new MemoryDatabase(() => World.Time))];
        _silos = [.. DatacenterOfSilo.Select(number => new SharedSilo(this, number, databases[number - 1], isClaimIgnored))];
    }

    public SimWorld World { get; }

    public PlacementMap Placement { get; }

    /// <summary>What clients asked for and were told.</summary>
    public History History { get; } = new();

    /// <summary>How often a silo of the first datacenter opened the bucket.</summary>
    public int Takeovers => _silos[0].Openings + _silos[1].Openings;

    /// <summary>Reads that the contested datacenter answered.</summary>
    public int AnsweredReads { get; private set; }

    public int AppliedWrites { get; private set; }

    public ReplicaId Founding(DatacenterId datacenter) => ReplicaId.Create(datacenter.Value, 1);

    public ReplicaId Current(DatacenterId datacenter) => Founding(datacenter);

    public void Run(TimeSpan duration)
    {
        foreach (var silo in _silos)
        {
            silo.Start();
        }

        for (var client = 0; client < Clients; client++)
        {
            var number = client;
            Task.Factory.StartNew(() => WorkAsync(number, duration), CancellationToken.None, TaskCreationOptions.None, _clients);
        }

        Disturb();
        World.RunUntil(duration);
    }

    /// <summary>Takes a payload to its datacenter. What replicas say to each other reaches every silo there, as if each still believed to be the one; a request reaches one.</summary>
    public void Send(SharedSilo from, DatacenterId to, byte[] payload, bool isRequest)
    {
        SharedSilo[] receivers = [.. _silos.Where(silo => silo.Number == to.Value)];
        foreach (var receiver in isRequest ? [receivers[World.Random.Next(receivers.Length)]] : receivers)
        {
            if (!IsCut(from, receiver))
            {
                World.After(World.Milliseconds(4), () => receiver.Receive(from, payload), receiver.Scheduler);
            }
        }
    }

    private bool IsCut(SharedSilo from, SharedSilo to) => _cut.Contains((from, to)) || _cut.Contains((to, from));

    private void Disturb() => World.After(World.Milliseconds(6_000), () =>
    {
        var duration = TimeSpan.FromMilliseconds(500) + World.Milliseconds(4_000);
        switch (World.Random.Next(5))
        {
            case 0:
                Any().Restart(World.Milliseconds(700));
                break;
            case 1:
                CutDatabase(Any(), duration);
                break;
            case 2:
                Cut(_silos[World.Random.Next(_silos.Length)], _silos[World.Random.Next(_silos.Length)], duration);
                break;
            default:
                // One silo keeps a follower and loses its database; the other one has a different majority.
                var old = Any();
                var isSecond = World.Random.Next(2);
                CutDatabase(old, duration);
                Cut(old, _silos[2 + isSecond], duration);
                Cut(_silos[2], _silos[3], duration);
                Cut(_silos[0] == old ? _silos[1] : _silos[0], _silos[3 - isSecond], duration);
                break;
        }

        Disturb();
    });

    private SharedSilo Any() => _silos[World.Random.Next(2)];

    private void CutDatabase(SharedSilo silo, TimeSpan duration)
    {
        silo.SetDatabaseCut(true);
        World.After(duration, () => silo.SetDatabaseCut(false));
    }

    private void Cut(SharedSilo one, SharedSilo other, TimeSpan duration)
    {
        if (one != other)
        {
            _cut.Add((one, other));
            World.After(duration, () => _cut.Remove((one, other)));
        }
    }

    private async Task WorkAsync(int client, TimeSpan end)
    {
        while (World.Time < end)
        {
            await World.Delay(World.Milliseconds(60), _clients);
            var key = StoreKey.FromText($"{{x}}{World.Random.Next(Keys)}");
            var elsewhere = _silos[2 + World.Random.Next(2)];
            switch (client)
            {
                case < 2:
                    await ReadAsync(client, Any(), key);
                    break;
                case < 4:
                    await WriteAsync(client, elsewhere, key);
                    break;
                default:
                    // A leader elsewhere may trust the answers of an activation that should be silent.
                    await ReadAsync(client, elsewhere, key);
                    break;
            }
        }
    }

    private async Task ReadAsync(int client, SharedSilo silo, StoreKey key)
    {
        var operation = History.BeginRead(client, key, World.Time);
        if (await silo.ReadAsync(key, CallTimeout) is { Status: ReadStatus.Found or ReadStatus.NotFound } read)
        {
            AnsweredReads += silo.Number == 1 ? 1 : 0;
            History.EndRead(operation, read, World.Time);
        }
    }

    private async Task WriteAsync(int client, SharedSilo silo, StoreKey key)
    {
        if (silo.Store is not { } store)
        {
            return;
        }

        var transaction = Transaction.Of(Operation.Put(key, BitConverter.GetBytes(++_lastValue), "text/plain"));
        var operation = History.BeginWrite(client, transaction, World.Time);
        var call = store.WriteAsync(transaction, default, new RequestContext(CallTimeout, Nobody), CancellationToken.None).AsTask();
        var patience = World.Delay(CallTimeout + TimeSpan.FromSeconds(1), _clients).AsTask();
        if (await Task.WhenAny(call, patience) == call && (await call).Result is { Status: not WriteStatus.OutcomeUnknown } result)
        {
            AppliedWrites += result.Status == WriteStatus.Applied ? 1 : 0;
            History.EndWrite(operation, result, World.Time);
        }
    }
}
