using System.Collections.Immutable;
using OrleansStore.Datacenters.Identity;
using OrleansStore.Datacenters.Links;
using OrleansStore.Placement;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Replicas;

namespace OrleansStore.Datacenters.Fronts;

/// <summary>The front of a datacenter in the process that forms the store and holds the links: its only one, or one of several.</summary>
internal sealed class SoleFront : IDatacenterFront
{
    private readonly StoreFormation _formation;
    private readonly PeerLinks _links;
    private readonly TaskScheduler _scheduler;

    private SoleFront(StoreFormation formation, Datacenter local, IPeerTransport transport, LinkOptions options, LinkEnvironment environment)
    {
        _formation = formation;
        _scheduler = environment.Scheduler;
        Local = local;
        var peers = formation.Topology.Datacenters.Where(peer => peer.Id != local.Id).Select(peer => new PeerName(peer.Id, peer.Name)).ToArray();
        _links = new PeerLinks(peers, transport, formation, options, environment);
    }

    public event EventHandler? MembersChanged
    {
        add => _formation.MembersChanged += value;
        remove => _formation.MembersChanged -= value;
    }

    public Datacenter Local { get; }

    public Topology Topology => _formation.Topology;

    public StoreId StoreId => _formation.Own.StoreId;

    public ImmutableArray<MemberIncarnation> Members => _formation.Members;

    public ImmutableArray<Founder> Founders => _formation.Founders;

    public Task<PeerIdentity> Formed => _formation.Formed;

    public string WaitsFor => _formation.WaitsFor;

    public bool IsJoining => _formation.Own.Phase == FormationPhase.Joining;

    public Task Completion => _links.Completion;

    public PeerLinks PeerLinks => _links;

    IPeerLinks IDatacenterFront.Links => _links;

    /// <summary>Reads what the home is, and opens the transport.</summary>
    /// <exception cref="StoreException">The home belongs to another datacenter, or its store was created with other facts; or it cannot be reached.</exception>
    /// <exception cref="CorruptionException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be used, or the transport not opened.</exception>
    public static async Task<SoleFront> OpenAsync(
        IFormationHome home, Topology topology, Datacenter local, Func<DatacenterMap, Task<IPeerTransport>> listen, LinkOptions options, DatacenterEnvironment environment)
    {
        var formation = await StoreFormation.OpenAsync(home, topology, local.Id, environment.Random, environment.Logger);
        var transport = await listen(new DatacenterMap(local, [.. topology.Datacenters.Where(peer => peer.Id != local.Id)]));
        return new SoleFront(formation, local, transport, options, environment.CreateLinkEnvironment());
    }

    public void Start(BucketSilo buckets) => Start((IPeerHandler)buckets);

    /// <summary>Begins to connect.</summary>
    public void Start(IPeerHandler handler) => _links.Start(handler);

    public Task CompleteJoinAsync() => Task.Factory.StartNew(_formation.CompleteJoinAsync, CancellationToken.None, TaskCreationOptions.None, _scheduler).Unwrap();

    public ValueTask DisposeAsync() => _links.DisposeAsync();
}
