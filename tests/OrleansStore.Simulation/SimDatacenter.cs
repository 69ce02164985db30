using Microsoft.Extensions.Logging.Abstractions;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;
using OrleansStore.Service.Peers;
using OrleansStore.Service.Replicas;
using OrleansStore.Service.Routing;
using OrleansStore.Storage;
using OrleansStore.Storage.Folders;
using OrleansStore.Storage.Testing;

namespace OrleansStore.Simulation;

/// <summary>One simulated process: the real storage, buckets and router over a simulated disk, network and clock.</summary>
internal sealed class SimDatacenter
{
    private const long Unlimited = 1L << 40;

    private readonly SimCluster _cluster;
    private readonly int _driftPerMille;
    private TimeSpan _wallOffset;
    private TimeSpan _stalledUntil;
    private SimTime? _time;
    private int _starts;

    public SimDatacenter(SimCluster cluster, int number)
    {
        _cluster = cluster;
        Number = number;
        _driftPerMille = cluster.World.Random.Next((2 * cluster.Faults.DriftPerMille) + 1) - cluster.Faults.DriftPerMille;
        _wallOffset = cluster.World.Milliseconds(400);
        Disk = new MemoryDisk(cluster.World.Random.NextUInt64());
        Replica = cluster.Founding(Id);
    }

    public int Number { get; }

    public DatacenterId Id => new((ushort)Number);

    /// <summary>The incarnation of its folder.</summary>
    public ReplicaId Replica { get; private set; }

    public MemoryDisk Disk { get; private set; }

    public SimScheduler Scheduler { get; private set; } = null!;

    public SimLinks? Links { get; private set; }

    public BucketSilo? Silo { get; private set; }

    public StoreRouter? Store { get; private set; }

    public bool IsUp => Silo is not null;

    public bool IsStopped => Scheduler.IsStopped;

    /// <summary>What is installed since the last start.</summary>
    public byte Release { get; private set; } = SimCodec.Current;

    /// <summary>Whether its disk was made to fail and it was not restarted since.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether a bit of its files was flipped.</summary>
    public bool MayBeDamaged { get; private set; }

    /// <summary>Whether it may be unable to start.</summary>
    public bool IsDamageExpected => MayBeDamaged || IsBroken;

    /// <summary>Whether buckets may stop.</summary>
    public bool IsFailureExpected => MayBeDamaged || IsBroken;

    public Exception? StartFailure { get; private set; }

    public void Start()
    {
        if (Scheduler is { IsDead: false })
        {
            return;
        }

        if (_cluster.Faults.ReleasesDiffer)
        {
            // Every second datacenter begins with the later one; each start is an upgrade, or a way back.
            Release = ++_starts % 2 == Number % 2 ? SimCodec.Current : SimCodec.Next;
        }

        var world = _cluster.World;
        var scheduler = Scheduler = new SimScheduler(world);
        _time = new SimTime(world, scheduler, _driftPerMille, _wallOffset);
        IsBroken = Disk.CapacityBytes < Unlimited;
        Disk.Latency = _ => world.Delay((_stalledUntil > world.Time ? _stalledUntil - world.Time : TimeSpan.Zero) + world.Milliseconds(_cluster.Faults.MaxDiskMs), scheduler);
        Links = new SimLinks(_cluster, this);
        var time = _time;
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
        Halt();
        StartFailure = null;
        Disk.Latency = null;
        Disk.Fails = null;
        Disk.Crash(loss);
    }

    /// <summary>Nothing of the process runs any more.</summary>
    public void Halt()
    {
        Scheduler.IsDead = true;

        // Meters are known to the whole test process: one that is not disposed of keeps its silo in memory for ever.
        Silo?.Metrics.Dispose();
        Store?.Dispose();
        Silo = null;
        Store = null;
        Links = null;
    }

    /// <summary>The folder is gone, and what starts next is another replica.</summary>
    public void BecomeNew(ReplicaId replica)
    {
        Replica = replica;
        MayBeDamaged = false;
        Disk = new MemoryDisk(_cluster.World.Random.NextUInt64());
    }

    /// <summary>Leadership is handed over; the process ends soon after.</summary>
    /// <returns>Whether everything finished.</returns>
    public Task<bool> StopInGoodOrder(TimeSpan patience) => Task.Factory.StartNew(
        () => Silo!.StopAsync(patience), CancellationToken.None, TaskCreationOptions.None, Scheduler).Unwrap();

    /// <summary>When the lease of its replica of a bucket ends, in the time of the world; the beginning of time where it holds none.</summary>
    public TimeSpan LeaseEndOf(BucketId bucket) =>
        Silo?.LeaseEndOf(bucket) is { } end ? _cluster.World.Time + ((end - Silo.Now) * (1000.0 / (1000 + _driftPerMille))) : TimeSpan.Zero;

    public void JumpWallClock(TimeSpan by)
    {
        _wallOffset += by;
        _time?.JumpWallClock(by);
    }

    public void StallDisk(TimeSpan duration) => _stalledUntil = _cluster.World.Time + duration;

    /// <summary>Leaves less room than the reserve, of which there is 5 % of the whole.</summary>
    public void FillDisk()
    {
        // What room is left is taken by what storage does to make room, and by what must not wait. If even that is used up the log fails as on a broken disk.
        IsBroken = true;
        Disk.CapacityBytes = (Disk.UsedBytes * 103 / 100) + 2_048;
    }

    public void FailDisk(DiskOperationKind kind)
    {
        IsBroken = true;
        Disk.Fails = operation => operation.Kind == kind;
    }

    public void HealDisk()
    {
        _stalledUntil = TimeSpan.Zero;
        Disk.CapacityBytes = Unlimited;

        // A process that is starting may have met the full disk already, and tell of it only later.
        var isStarting = Silo is null && Scheduler is { IsDead: false };
        if (Disk.Fails is null && StartFailure is null && !isStarting && Silo?.NotReadyReason is null)
        {
            IsBroken = false;
        }
    }

    /// <summary>Flips a bit in a log segment that is not the last one, or in a snapshot: what a torn write could not have done.</summary>
    public bool TryFlipBit()
    {
        var files = Disk.Files().Where(file => file.Bytes > 0).ToList();
        var segments = files.Where(file => file.Path.EndsWith(".wal", StringComparison.Ordinal)).ToList();
        var targets = segments.SkipLast(2).Concat(files.Where(file => file.Path.EndsWith(".snap", StringComparison.Ordinal))).ToList();
        if (targets.Count == 0)
        {
            return false;
        }

        var (path, bytes) = targets[_cluster.World.Random.Next(targets.Count)];
        Disk.FlipBit(path, _cluster.World.Random.Next((int)bytes * 8));
        return MayBeDamaged = true;
    }

    /// <summary>A write of the past went to the wrong place: in an old log segment or a snapshot stands what belongs into another one.</summary>
    public bool TryMisdirectWrite()
    {
        const int sector = 512;
        var files = Disk.Files().Where(file => file.Bytes > 0).ToList();
        var segments = files.Where(file => file.Path.EndsWith(".wal", StringComparison.Ordinal)).SkipLast(2).ToList();
        var snapshots = files.Where(file => file.Path.EndsWith(".snap", StringComparison.Ordinal)).ToList();
        var alike = snapshots.Count >= 2 && (segments.Count < 2 || _cluster.World.Random.Next(2) == 0) ? snapshots : segments;
        if (alike.Count < 2)
        {
            return false;
        }

        var place = _cluster.World.Random.Next(alike.Count);
        var (path, source) = (alike[place], alike[(place + 1 + _cluster.World.Random.Next(alike.Count - 1)) % alike.Count]);
        var length = (int)Math.Min(path.Bytes, source.Bytes);
        var isAll = _cluster.World.Random.Next(2) == 0;
        var offset = isAll ? 0 : _cluster.World.Random.Next((length + sector - 1) / sector) * sector;
        Disk.Misdirect(path.Path, source.Path, offset, isAll ? length : Math.Min(sector * (1 + _cluster.World.Random.Next(8)), length - offset));
        return MayBeDamaged = true;
    }

    public void Receive(SimDatacenter from, LinkClass linkClass, byte[] payload)
    {
        if (Silo is IPeerHandler handler)
        {
            var understood = SimCodec.Decode(payload, Release);
            if (understood is null)
            {
                _cluster.Reached("payload of a later release");
            }

            handler.OnPayload(from.Id, linkClass, understood ?? payload);
            handler.OnBatchEnd();
        }
    }

    private async Task StartAsync(SimScheduler scheduler, SimTime time)
    {
        var folder = await DataFolder.OpenAsync(Disk, $"/data/dc{Number}");
        if (folder.Identity is null)
        {
            await folder.InitializeAsync(new StoreIdentity(new StoreId(1), Replica.Incarnation, $"dc{Number}"));
        }

        var silo = new BucketSilo(
            new SiloEnvironment
            {
                Local = Id,
                Placement = _cluster.Placement,
                Members = _cluster,
                Links = Links!,
                Gate = _cluster.Gate,
                Scheduler = scheduler,
                BackgroundScheduler = scheduler,
                Time = time,
                Random = _cluster.World.Random.Fork(),
                Logger = NullLogger.Instance,
            },
            new SiloOptions
            {
                Raft = new RaftOptions { Id = Replica, MaxAppendBytes = _cluster.Faults.MaxAppendBytes },
                Limits = _cluster.Faults.Limits,
                HibernateAfter = TimeSpan.FromMilliseconds(_cluster.Faults.HibernateAfterMs),
                MinSnapshotLogBytes = _cluster.Faults.SnapshotLogBytes,
                TrailingLogBytes = _cluster.Faults.SnapshotLogBytes / 4,
                MaxConcurrentActivations = 2,
            });
        var storage = new SimStorage(_cluster.Checks, Replica, silo);
        storage.Inner = await FileReplicaStorage.OpenAsync(
            folder,
            new StorageOptions { SegmentBytes = 16_384, MinRetainedBytes = 65_536, MaxBatchBytes = 65_536, CopyBudgetBytes = 16_384, ZeroAheadBytes = 4_096, MinReserveBytes = 0 },
            scheduler,
            time,
            storage);
        silo.Start(storage);
        Silo = silo;
        Store = _cluster.CreateStore(silo, time);
        if (_cluster.Faults.ReturnsAtOnce)
        {
            AskPeers();
        }

        if (_cluster.Datacenters.Any(datacenter => datacenter.Replica != _cluster.Founding(datacenter.Id)))
        {
            // Hellos tell this process of all incarnations, and every process of this one.
            foreach (var datacenter in _cluster.Datacenters)
            {
                datacenter.Silo?.OnMembersChanged();
            }
        }
    }

    private void Beat(SimScheduler scheduler) => _cluster.World.After(
        TimeSpan.FromMilliseconds(150),
        () =>
        {
            AskPeers();
            Links?.LookForSilence();
            Beat(scheduler);
        },
        scheduler);

    /// <summary>A link is up where both directions work: the answer tells that the question arrived.</summary>
    private void AskPeers()
    {
        foreach (var peer in _cluster.Datacenters)
        {
            if (peer != this && Silo is not null && !_cluster.Network.IsCut(this, peer))
            {
                _cluster.World.After(_cluster.World.Milliseconds(3), () => peer.Answer(this), peer.Scheduler);
            }
        }
    }

    private void Answer(SimDatacenter asker)
    {
        if (Silo is not null && !_cluster.Network.IsCut(this, asker))
        {
            _cluster.World.After(_cluster.World.Milliseconds(3), () => asker.Links?.Heard(Number), asker.Scheduler);
        }
    }
}
