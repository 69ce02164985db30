using System.Security.Claims;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Placement;
using OrleansStore.Service;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Replicas;
using OrleansStore.Service.Routing;
using OrleansStore.Service.Routing.Access;
using OrleansStore.Service.Wire;
using OrleansStore.Storage;
using OrleansStore.Storage.Databases;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Simulation;

/// <summary>One silo of a <see cref="SharedCluster"/>: the real buckets and storage over a database in memory. A bucket that was fenced makes the process start again, as a new activation would.</summary>
internal sealed class SharedSilo(SharedCluster cluster, int number, MemoryDatabase database, bool isClaimIgnored) : IPeerLinks
{
    private static readonly BucketId Bucket = new(0);

    private Action<bool> _cutDatabase = static _ => { };
    private BucketSilo? _silo;
    private bool _isDatabaseCut;

    public int Number => number;

    public SimScheduler Scheduler { get; private set; } = new(cluster.World);

    public IStoreService? Store { get; private set; }

    public int Openings { get; set; }

    public string? OwnClock => null;

    public void Start()
    {
        var scheduler = Scheduler = new SimScheduler(cluster.World);
        Task.Factory.StartNew(() => StartAsync(scheduler), CancellationToken.None, TaskCreationOptions.None, scheduler);
        Watch(scheduler);
    }

    /// <summary>Ends the process at once and starts another. Its claim stands until it runs out.</summary>
    public void Restart(TimeSpan delay)
    {
        Scheduler.IsDead = true;
        (_silo, Store) = (null, null);
        cluster.World.After(delay, Start);
    }

    public void SetDatabaseCut(bool isCut)
    {
        _isDatabaseCut = isCut;
        _cutDatabase(isCut);
    }

    public void Receive(SharedSilo from, byte[] payload)
    {
        if (_silo is IPeerHandler handler)
        {
            handler.OnPayload(new DatacenterId((ushort)from.Number), LinkClass.Control, payload);
            handler.OnBatchEnd();
        }
    }

    /// <summary>Reads at this very silo; null where it gives no answer.</summary>
    public async Task<ReadResult?> ReadAsync(StoreKey key, TimeSpan timeout)
    {
        if (_silo is not { } silo)
        {
            return null;
        }

        var patience = cluster.World.Delay(timeout * 2, Scheduler).AsTask();
        var call = silo.CallAsync(
            silo.Local, Bucket, new ReadRequest(key, ReadConsistency.Linearizable, silo.Now + timeout), new RequestContext(timeout, new ClaimsPrincipal()), CancellationToken.None).AsTask();
        return await Task.WhenAny(call, patience) == call && await call is { Status: CallStatus.Answered } answer ? answer.Reply.Read : null;
    }

    public bool TrySend(DatacenterId to, LinkClass linkClass, ReadOnlySpan<byte> payload)
    {
        cluster.Send(this, to, payload.ToArray(), PayloadHeader.Read(payload).Kind == WireKind.Request);
        return true;
    }

    public LinkState StateOf(DatacenterId peer) => LinkState.Up;

    public IReadOnlyList<LinkStatus> Status() => [];

    private async Task StartAsync(SimScheduler scheduler)
    {
        var random = cluster.World.Random.Fork();
        var time = new SimTime(cluster.World, scheduler, driftPerMille: random.Next(100) - 50, TimeSpan.Zero);
        var client = new MemoryDatabaseClient(database, () => cluster.World.Delay(cluster.World.Milliseconds(6), scheduler))
        {
            IsCut = _isDatabaseCut,
            LosesAnswer = () => cluster.World.Random.Next(50) == 0,
        };
        _cutDatabase = isCut => client.IsCut = isCut;
        var options = new DatabaseOptions { Owner = $"dc{number}", ClaimDuration = TimeSpan.FromSeconds(1), RetryFor = TimeSpan.FromHours(1) };
        var home = await DatabaseHome.OpenAsync(new DatabaseEnvironment(client, options, scheduler, time, random, NullLogger.Instance), CancellationToken.None);
        while (home.Identity is null)
        {
            if (await home.TryHoldLinksAsync(CancellationToken.None) is not null)
            {
                await home.InitializeAsync(new StoreIdentity(new StoreId(1), 1, $"dc{number}"));
            }

            await home.ReadRecordAsync();
        }

        var silo = new BucketSilo(
            new SiloEnvironment
            {
                Local = new DatacenterId((ushort)number),
                Placement = cluster.Placement,
                Members = cluster,
                Links = this,
                Scheduler = scheduler,
                BackgroundScheduler = scheduler,
                Time = time,
                Random = random,
                Logger = NullLogger.Instance,
            },
            new SiloOptions { HibernateAfter = TimeSpan.FromMinutes(10) });
        silo.Start(new OpenedStorage(this, await DatabaseReplicaStorage.OpenAsync(home, silo), isClaimIgnored));
        _silo = silo;
        Store = new StoreRouter(silo, new FixedTopologySource(cluster.Placement.Topology), new AllowAllAuthorizer(), silo, time, random, new RouterOptions());
    }

    private void Watch(SimScheduler scheduler) => cluster.World.After(TimeSpan.FromMilliseconds(20), () =>
    {
        if (_silo?.FailureOf(Bucket) is { } failure)
        {
            if (failure is not StoreException { Code: ErrorCode.WriterFenced })
            {
                throw new SimulationViolationException($"the bucket of dc{number} failed: {failure}");
            }

            // Whoever lost the bucket leaves it to the other for a while.
            Restart(TimeSpan.FromSeconds(2) + cluster.World.Milliseconds(5_000));
        }
        else
        {
            Watch(scheduler);
        }
    }, scheduler);

    /// <summary>Counts openings and, if asked to, lets activations speak without a claim.</summary>
    private sealed class OpenedStorage(SharedSilo owner, DatabaseReplicaStorage inner, bool isClaimIgnored) : IReplicaStorage
    {
        public StoreIdentity Identity => inner.Identity;

        public ISnapshotStore Snapshots => inner.Snapshots;

        public StoreException? Failure => inner.Failure;

        public string? Impediment => inner.Impediment;

        public DiskSpaceState Space => inner.Space;

        public StorageStatistics Statistics => inner.Statistics;

        public ValueTask<DiskSpaceState> CheckSpaceAsync() => inner.CheckSpaceAsync();

        public IReadOnlyList<BucketSummary> ListBuckets() => inner.ListBuckets();

        public ValueTask RefreshAsync(CancellationToken cancellationToken) => inner.RefreshAsync(cancellationToken);

        public async ValueTask<OpenedReplica> OpenAsync(BucketId bucket, CancellationToken cancellationToken)
        {
            var opened = await inner.OpenAsync(bucket, cancellationToken);
            owner.Openings++;
            return isClaimIgnored ? opened with { Claim = new NoClaim() } : opened;
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class NoClaim : IReplicaClaim
    {
        public MonotonicTime HeldSince => MonotonicTime.Zero;

        public bool IsHeldAt(MonotonicTime now) => true;

        public ValueTask WaitAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
