using OrleansStore.Consensus.Membership;
using OrleansStore.Placement;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Replicas;
using OrleansStore.Service.Routing;

namespace OrleansStore.Simulation;

/// <summary>A whole store in virtual time: datacenters, network, clients and faults, all drawn from one seed.</summary>
internal sealed class SimCluster : IMemberDirectory, IDisposable
{
    private const int BucketCount = 8;
    private const int ClientCount = 5;

    private readonly List<SimDatacenter> _datacenters = [];
    private readonly SortedDictionary<string, int> _reached = new(StringComparer.Ordinal);

    public SimCluster(ulong seed)
    {
        World = new SimWorld(seed);
        Faults = SimFaults.Draw(seed, World.Random);
        Network = new SimNetwork(World, Faults, Reached);
        Gate = new SimGate(this, seed);
        Placement = PlacementMap.Create(Topology.Create(new TopologyDraft
        {
            Datacenters = [.. Enumerable.Range(1, Faults.Datacenters).Select(number => new Datacenter(new DatacenterId((ushort)number), $"dc{number}"))],
            ReplicationFactor = Faults.ReplicationFactor,
            BucketCount = BucketCount,
        }));
        Checks = new SimChecks(this);
        Nemesis = new SimNemesis(this);
        for (var number = 1; number <= Faults.Datacenters; number++)
        {
            _datacenters.Add(new SimDatacenter(this, number));
        }

        Clients = [.. Enumerable.Range(0, ClientCount).Select(number => new SimClient(this, number))];
    }

    public SimWorld World { get; }

    public SimFaults Faults { get; }

    public SimNetwork Network { get; }

    public SimGate Gate { get; }

    public PlacementMap Placement { get; }

    public SimChecks Checks { get; }

    public SimNemesis Nemesis { get; }

    public IReadOnlyList<SimClient> Clients { get; }

    public IReadOnlyList<SimDatacenter> Datacenters => _datacenters;

    public IReadOnlyDictionary<string, int> RareStates => _reached;

    /// <summary>Whether a bucket is changing its members somewhere.</summary>
    public bool IsAnyGroupJoint => _datacenters.Exists(datacenter =>
        datacenter.Silo is { } silo && Enumerable.Range(0, BucketCount).Any(number => silo.StatusOf(new BucketId((uint)number)) is { Config.IsJoint: true }));

    public SimDatacenter this[int number] => _datacenters[number - 1];

    public ReplicaId Founding(DatacenterId datacenter) => ReplicaId.Create(datacenter.Value, 1);

    public ReplicaId Current(DatacenterId datacenter) => this[datacenter.Value].Replica;

    /// <summary>Gives a datacenter an empty folder, under a new incarnation.</summary>
    public static void Replace(SimDatacenter datacenter) => datacenter.BecomeNew(ReplicaId.Create(datacenter.Id.Value, datacenter.Replica.Incarnation + 1));

    public BucketId BucketOf(StoreKey key) => Placement.BucketOf(key.Namespace, key.Bytes.Span);

    /// <summary>Notes the states of a group that are worth reaching.</summary>
    public void Reached(GroupConfig config, long activation, bool isNewLeader)
    {
        if (config.IsJoint)
        {
            Reached("joint configuration");
        }

        if (!config.Learners.IsEmpty)
        {
            Reached("learner");
        }

        if (activation > 1)
        {
            Reached("activated again");
            if (Network.IsAnyCut)
            {
                Reached("awake again in a partition");
            }
        }

        if (isNewLeader)
        {
            Reached("leader change");
        }
    }

    public void Reached(string state) => _reached[state] = _reached.GetValueOrDefault(state) + 1;

    public StoreRouter CreateStore(BucketSilo silo, TimeProvider time) => SimStores.Create(this, silo, time);

    /// <summary>Runs under faults, then heals everything and expects the store to answer again, and to agree.</summary>
    /// <param name="hostile">For how long.</param>
    /// <param name="faultsEnded">Called when the last fault has come.</param>
    public void Run(TimeSpan hostile, Action? faultsEnded = null)
    {
        Start();
        Nemesis.Start();
        World.RunUntil(hostile);
        faultsEnded?.Invoke();
        Nemesis.Heal();
        World.RunUntil(hostile + TimeSpan.FromSeconds(10));
        StopClients();
        World.RunUntil(hostile + TimeSpan.FromSeconds(20));
        Checks.CheckEnd();
    }

    /// <summary>Runs without faults; the clients have stopped at the end.</summary>
    public void RunQuietly(TimeSpan duration)
    {
        Network.IsHostile = false;
        Start();
        World.RunUntil(duration);
        StopClients();
        World.RunUntil(duration + TimeSpan.FromMilliseconds(100));
    }

    /// <summary>Ends all processes. The checks and counts stay.</summary>
    public void Dispose()
    {
        foreach (var datacenter in _datacenters)
        {
            datacenter.Halt();
        }
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

    private void Start()
    {
        foreach (var datacenter in _datacenters)
        {
            datacenter.Start();
        }

        foreach (var client in Clients)
        {
            client.Start();
        }

        World.Recur(TimeSpan.FromMilliseconds(25), Watch);
    }

    private void StopClients()
    {
        foreach (var client in Clients)
        {
            client.Stop();
        }
    }

    private void Watch()
    {
        foreach (var datacenter in _datacenters)
        {
            if (datacenter.MayBeDamaged && datacenter is { Scheduler.IsDead: false } && HasFoundDamage(datacenter))
            {
                Nemesis.ReplaceDamaged(datacenter);
            }
        }

        Checks.Watch();
    }

    private static bool HasFoundDamage(SimDatacenter datacenter) =>
        datacenter.StartFailure is not null
        || (datacenter.Silo is { } silo && Enumerable.Range(0, BucketCount).Any(number => silo.FailureOf(new BucketId((uint)number)) is not null));
}
