using OrleansStore.Storage.Testing;

namespace OrleansStore.Simulation;

/// <summary>Does what the run's faults say, for a while; then heals everything.</summary>
internal sealed class SimNemesis(SimCluster cluster)
{
    // The datacenter whose data were lost last; until it votes everywhere no other data are lost, for a quorum of intact copies must be left.
    private SimDatacenter? _damaged;

    private SimWorld World => cluster.World;

    private IReadOnlyList<SimDatacenter> Datacenters => cluster.Datacenters;

    public void Start() => World.After(TimeSpan.FromMilliseconds(1 + World.Random.Next(2 * cluster.Faults.FaultEveryMs)), () =>
    {
        if (cluster.Network.IsHostile)
        {
            Inject(cluster.Faults.DrawKind(World.Random), Any(), Any(), World.Milliseconds(3_000));
            Start();
        }
    });

    public void Heal()
    {
        cluster.Network.IsHostile = false;
        cluster.Network.HealAll();
        foreach (var datacenter in Datacenters)
        {
            datacenter.HealDisk();
            if (datacenter.IsBroken)
            {
                Restart(datacenter, CrashLoss.Random, TimeSpan.Zero);
            }
        }
    }

    /// <summary>A process could not start, or has stopped a bucket, because its data are damaged: an operator would give it an empty folder.</summary>
    public void ReplaceDamaged(SimDatacenter datacenter)
    {
        cluster.Reached("damage found");
        datacenter.Crash(CrashLoss.All);
        Wipe(datacenter, TimeSpan.FromMilliseconds(100));
    }

    private SimDatacenter Any() => Datacenters[World.Random.Next(Datacenters.Count)];

    private void Inject(SimFaultKind kind, SimDatacenter datacenter, SimDatacenter other, TimeSpan duration)
    {
        if (NeedsProcess(kind) && (!datacenter.IsUp || datacenter.IsStopped || datacenter.IsBroken))
        {
            return;
        }

        if (kind is SimFaultKind.BrokenPair or SimFaultKind.OneWayCut && datacenter == other)
        {
            return;
        }

        var isJoint = kind is SimFaultKind.Crash or SimFaultKind.CrashAll && cluster.IsAnyGroupJoint;
        if (InjectIntoProcess(kind, datacenter, duration) || InjectIntoNetwork(kind, datacenter, other, duration) || InjectIntoDisk(kind, datacenter, duration))
        {
            cluster.Reached($"fault {kind}");
            if (isJoint)
            {
                cluster.Reached("joint configuration during a crash");
            }
        }
    }

    private static bool NeedsProcess(SimFaultKind kind) =>
        kind is not (SimFaultKind.CrashAll or SimFaultKind.Isolation or SimFaultKind.BrokenPair or SimFaultKind.OneWayCut or SimFaultKind.Swizzle or SimFaultKind.ClockJump);

    private bool InjectIntoProcess(SimFaultKind kind, SimDatacenter datacenter, TimeSpan duration)
    {
        switch (kind)
        {
            case SimFaultKind.Crash:
                Restart(datacenter, (CrashLoss)(1 + World.Random.Next(3)), cluster.Faults.ReturnsAtOnce ? duration / 15 : duration);
                return true;
            case SimFaultKind.CrashAll when World.Random.Next(3) == 0:
                foreach (var each in Datacenters.Where(each => each.IsUp))
                {
                    Restart(each, (CrashLoss)(1 + World.Random.Next(3)), World.Milliseconds(1_000));
                }

                return true;
            case SimFaultKind.Pause:
                var scheduler = datacenter.Scheduler;
                scheduler.Stop();
                World.After(duration, scheduler.Resume);
                return true;
            case SimFaultKind.Restart:
                _ = datacenter.StopInGoodOrder(TimeSpan.FromMilliseconds(300));
                var stopping = datacenter.Scheduler;
                World.After(TimeSpan.FromMilliseconds(400), () =>
                {
                    if (datacenter.Scheduler == stopping && datacenter.IsUp)
                    {
                        Restart(datacenter, CrashLoss.Nothing, duration);
                    }
                });
                return true;
            case SimFaultKind.ClockJump:
                datacenter.JumpWallClock(World.Milliseconds(10_000) - TimeSpan.FromSeconds(5));
                return true;
            default:
                return false;
        }
    }

    private bool InjectIntoNetwork(SimFaultKind kind, SimDatacenter datacenter, SimDatacenter other, TimeSpan duration)
    {
        switch (kind)
        {
            case SimFaultKind.Isolation:
                var isOneWay = World.Random.Next(2) == 0;
                foreach (var each in Datacenters.Where(each => each != datacenter))
                {
                    CutFor(datacenter, each, duration);
                    if (!isOneWay)
                    {
                        CutFor(each, datacenter, duration);
                    }
                }

                return true;
            case SimFaultKind.BrokenPair:
                CutFor(datacenter, other, duration);
                CutFor(other, datacenter, duration);
                return true;
            case SimFaultKind.OneWayCut:
                CutFor(datacenter, other, duration);
                return true;
            case SimFaultKind.Swizzle:
                foreach (var (from, to) in from a in Datacenters from b in Datacenters where a != b && World.Random.Next(3) > 0 select (a, b))
                {
                    World.After(World.Milliseconds(1_500), () => CutFor(from, to, TimeSpan.FromMilliseconds(1_500) + World.Milliseconds(1_500)));
                }

                return true;
            default:
                return false;
        }
    }

    private bool InjectIntoDisk(SimFaultKind kind, SimDatacenter datacenter, TimeSpan duration)
    {
        switch (kind)
        {
            case SimFaultKind.DiskStall:
                datacenter.StallDisk(duration);
                return true;
            case SimFaultKind.DiskFull:
                datacenter.FillDisk();
                World.After(duration, () =>
                {
                    datacenter.HealDisk();
                    if (datacenter.IsBroken && (datacenter.IsUp || datacenter.StartFailure is not null))
                    {
                        cluster.Reached("full disk met");
                        Restart(datacenter, CrashLoss.Random, World.Milliseconds(500));
                    }
                });
                return true;
            case SimFaultKind.DiskFailure:
                datacenter.FailDisk(World.Random.Next(2) == 0 ? DiskOperationKind.Sync : DiskOperationKind.Write);
                RestartBroken(datacenter, duration);
                return true;
            case SimFaultKind.Wipe when MayLoseData():
                datacenter.Crash(CrashLoss.All);
                Wipe(datacenter, duration);
                return true;
            case SimFaultKind.BitFlip when MayLoseData() && (cluster.Faults.MisdirectsWrites ? datacenter.TryMisdirectWrite() : datacenter.TryFlipBit()):
                _damaged = datacenter;
                cluster.Reached(cluster.Faults.MisdirectsWrites ? "misdirected write" : "flipped bit");
                Restart(datacenter, CrashLoss.Nothing, duration);
                return true;
            default:
                return false;
        }
    }

    private bool MayLoseData() =>
        Datacenters.All(datacenter => datacenter is { IsUp: true, IsBroken: false, MayBeDamaged: false }) && (_damaged is null || _damaged.Silo!.VotesEverywhere());

    private void Wipe(SimDatacenter datacenter, TimeSpan duration)
    {
        _damaged = datacenter;
        SimCluster.Replace(datacenter);
        World.After(duration, datacenter.Start);
    }

    private void Restart(SimDatacenter datacenter, CrashLoss loss, TimeSpan duration)
    {
        datacenter.Crash(loss);
        World.After(duration, datacenter.Start);
    }

    private void RestartBroken(SimDatacenter datacenter, TimeSpan duration)
    {
        var broken = datacenter.Scheduler;
        World.After(TimeSpan.FromSeconds(1) + duration, () =>
        {
            if (datacenter.Scheduler == broken && !broken.IsDead)
            {
                cluster.Reached(datacenter.Silo?.NotReadyReason is null ? "disk failure without effect" : "poisoned log");
                Restart(datacenter, CrashLoss.Random, World.Milliseconds(500));
            }
        });
    }

    private void CutFor(SimDatacenter from, SimDatacenter to, TimeSpan duration)
    {
        if (cluster.Network.IsHostile)
        {
            cluster.Network.Cut(from.Number, to.Number);
            World.After(duration, () => cluster.Network.Heal(from.Number, to.Number));
        }
    }
}
