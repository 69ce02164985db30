using Microsoft.Extensions.Logging.Abstractions;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Service;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Replicas;
using OrleansStore.Storage;
using OrleansStore.Storage.Folders;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Simulation;

/// <summary>One simulated process: the real storage, buckets and router over a simulated disk, network and clock.</summary>
internal sealed class SimDatacenter
{
    private readonly SimCluster _cluster;
    private readonly int _driftPerMille;
    private readonly TimeSpan _wallOffset;

    public SimDatacenter(SimCluster cluster, int number)
    {
        _cluster = cluster;
        Number = number;
        _driftPerMille = cluster.World.Random.Next((2 * cluster.Faults.DriftPerMille) + 1) - cluster.Faults.DriftPerMille;
        _wallOffset = cluster.World.Milliseconds(400);
        Disk = new MemoryDisk(cluster.World.Random.NextUInt64());
    }

    public int Number { get; }

    public DatacenterId Id => new((ushort)Number);

    public MemoryDisk Disk { get; }

    public SimScheduler Scheduler { get; private set; } = null!;

    public SimLinks? Links { get; private set; }

    public BucketSilo? Silo { get; private set; }

    public IStoreService? Store { get; private set; }

    public bool IsUp => Silo is not null;

    public bool IsStopped => Scheduler.IsStopped;

    public Exception? StartFailure { get; private set; }

    public void Start()
    {
        var world = _cluster.World;
        Scheduler = new SimScheduler(world);
        var time = new SimTime(world, Scheduler, _driftPerMille, _wallOffset);
        Disk.Latency = _ => world.Delay(world.Milliseconds(_cluster.Faults.MaxDiskMs), Scheduler);
        Links = new SimLinks(_cluster, this);
        var scheduler = Scheduler;
        Task.Factory.StartNew(() => StartAsync(scheduler, time), CancellationToken.None, TaskCreationOptions.None, scheduler).Unwrap().ContinueWith(
            ended => StartFailure = scheduler.IsDead ? null : ended.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            scheduler);
        Beat(scheduler);
    }

    /// <summary>Power fails: what is not synced may be lost, and nothing of the process runs any more.</summary>
    public void Crash(CrashLoss loss)
    {
        Scheduler.IsDead = true;
        Silo = null;
        Store = null;
        Links = null;
        Disk.Latency = null;
        Disk.Crash(loss);
    }

    public void Receive(SimDatacenter from, LinkClass linkClass, byte[] payload)
    {
        if (Silo is IPeerHandler handler)
        {
            handler.OnPayload(from.Id, linkClass, payload);
            handler.OnBatchEnd();
        }
    }

    private async Task StartAsync(SimScheduler scheduler, SimTime time)
    {
        var folder = await DataFolder.OpenAsync(Disk, $"/data/dc{Number}");
        if (folder.Identity is null)
        {
            await folder.InitializeAsync(new StoreIdentity(new StoreId(1), _cluster.Founding(Id).Incarnation, $"dc{Number}"));
        }

        var silo = new BucketSilo(
            new SiloEnvironment
            {
                Local = Id,
                Placement = _cluster.Placement,
                Members = _cluster,
                Links = Links!,
                Scheduler = scheduler,
                BackgroundScheduler = scheduler,
                Time = time,
                Random = _cluster.World.Random.Fork(),
                Logger = NullLogger.Instance,
            },
            new SiloOptions
            {
                Limits = BucketLimits.Default with { MaxHistoryEvents = 50 },
                HibernateAfter = TimeSpan.FromMilliseconds(_cluster.Faults.HibernateAfterMs),
                MinSnapshotLogBytes = _cluster.Faults.SnapshotLogBytes,
                TrailingLogBytes = _cluster.Faults.SnapshotLogBytes / 4,
                MaxConcurrentActivations = 2,
            });
        var storage = await FileReplicaStorage.OpenAsync(
            folder,
            new StorageOptions { SegmentBytes = 16_384, MinRetainedBytes = 65_536, MaxBatchBytes = 65_536, CopyBudgetBytes = 16_384, ZeroAheadBytes = 4_096, MinReserveBytes = 0 },
            scheduler,
            time,
            silo);
        silo.Start(storage);
        Silo = silo;
        Store = _cluster.CreateStore(silo, time);
    }

    private void Beat(SimScheduler scheduler)
    {
        var world = _cluster.World;
        world.After(TimeSpan.FromMilliseconds(150), () =>
        {
            foreach (var peer in _cluster.Datacenters)
            {
                if (peer != this && Silo is not null && !_cluster.Network.IsCut(this, peer))
                {
                    // A link is up where both directions work: the answer tells that the question arrived.
                    world.After(world.Milliseconds(3), () => peer.Answer(this), peer.Scheduler);
                }
            }

            Links?.LookForSilence();
            Beat(scheduler);
        }, scheduler);
    }

    private void Answer(SimDatacenter asker)
    {
        if (Silo is not null && !_cluster.Network.IsCut(this, asker))
        {
            _cluster.World.After(_cluster.World.Milliseconds(3), () => asker.Links?.Heard(Number), asker.Scheduler);
        }
    }
}
