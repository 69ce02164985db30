using System.Collections.Immutable;
using System.Security.Claims;
using OrleansStore.Placement;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Routing;
using OrleansStore.Service.Routing.Access;

namespace OrleansStore.Service.Tests.Routing;

/// <summary>A router of datacenter 1 of three, in virtual time, over scripted replicas.</summary>
internal sealed class RouterFixture : IStoreStatusSource, IDisposable
{
    public RouterFixture(RouterOptions? options = null, int local = 1, int buckets = 64, IAuthorizer? authorizer = null, int datacenters = 3, int replicas = 3)
    {
        Options = options ?? new RouterOptions();
        Topology = Placement.Topology.Create(new TopologyDraft
        {
            Datacenters = [.. Enumerable.Range(1, datacenters).Select(id => new Datacenter(new DatacenterId((ushort)id), $"dc{id}"))],
            ReplicationFactor = replicas,
            BucketCount = buckets,
        });
        Map = PlacementMap.Create(Topology);
        Client = new ScriptedClient(Time, local);
        Source = new SettableTopology(Topology);
        Router = new StoreRouter(Client, Source, authorizer ?? new AllowAllAuthorizer(), this, Time, new SplitMix64(1), Options);
    }

    public VirtualTime Time { get; } = new();

    public RouterOptions Options { get; }

    public Topology Topology { get; }

    public SettableTopology Source { get; }

    public PlacementMap Map { get; }

    public ScriptedClient Client { get; }

    public StoreRouter Router { get; }

    public List<SentCopy> Copies => Client.Copies;

    public StoreId StoreId => new(42);

    public string? NotReadyReason { get; set; }

    public Func<BucketId, LocalReplicaStatus?> Replica { get; set; } = _ => null;

    public ImmutableArray<LinkStatus> Links() => [new LinkStatus(new DatacenterId(2), LinkState.Down, "reset")];

    public LocalReplicaStatus? FindReplica(BucketId bucket) => Replica(bucket);

    public static RequestContext For(double seconds) => new(TimeSpan.FromSeconds(seconds), new ClaimsPrincipal());

    public static Transaction Put(StoreKey key, string value = "v") => Transaction.Of(Operation.Put(key, System.Text.Encoding.ASCII.GetBytes(value)));

    /// <summary>A key whose bucket has these datacenters in this order, as far as they are given.</summary>
    public StoreKey KeyWith(params int[] ring)
    {
        for (var i = 0; ; i++)
        {
            var key = StoreKey.FromText($"key{i}");
            var datacenters = Map.DatacentersOf(Map.BucketOf(key.Namespace, key.Bytes.Span));
            if (ring.AsSpan().SequenceEqual(datacenters.ToArray().Take(ring.Length).Select(id => (int)id.Value).ToArray()))
            {
                return key;
            }
        }
    }

    public static RequestIdentity KeyId(string key) => new(RequestId.ForKey(key));

    public StoreReply<WriteResult> Write(StoreKey key, double seconds = 5, RequestIdentity callersId = default, CancellationToken token = default) =>
        Time.Run(() => Router.WriteAsync(Put(key), callersId, For(seconds), token).AsTask());

    public WriteStatus WriteStatusOf(StoreKey key, double seconds = 5, RequestIdentity callersId = default) =>
        Write(key, seconds, callersId).Result.Status;

    public ReadResult Read(StoreKey key, ReadConsistency consistency = ReadConsistency.Linearizable, double seconds = 5) =>
        Time.Run(() => Router.ReadAsync(key, consistency, For(seconds), default).AsTask()).Result;

    public OutcomeResult Outcome(StoreKey key, RequestId id, double seconds = 5) =>
        Time.Run(() => Router.GetOutcomeAsync(key, id, firstSent: null, For(seconds), default).AsTask()).Result;

    public ScanReply Scan(ScanRequest request, double seconds = 5) => Time.Run(() => Router.ScanAsync(request, For(seconds), default).AsTask());

    /// <summary>Where the copies went, as <c>1 3 2&gt;1</c>: a relay stands before its target.</summary>
    public string Route() =>
        string.Join(' ', Copies.Select(copy => copy.Relay == DatacenterId.None ? $"{copy.Target}" : $"{copy.Relay}>{copy.Target}"));

    public void Dispose() => Router.Dispose();

    internal sealed class SettableTopology(Topology topology) : ITopologySource
    {
        private readonly List<ITopologyObserver> _observers = [];

        public Topology Current { get; private set; } = topology;

        public void Change(Topology topology)
        {
            Current = topology;
            _observers.ForEach(each => each.OnTopologyChanged(topology));
        }

        public void Announce(Topology topology) => _observers.ForEach(each => each.OnTopologyChanged(topology));

        public IDisposable Subscribe(ITopologyObserver observer)
        {
            _observers.Add(observer);
            return new Subscription(() => _observers.Remove(observer));
        }

        public int ObserverCount => _observers.Count;

        private sealed class Subscription(Action end) : IDisposable
        {
            public void Dispose() => end();
        }
    }
}
