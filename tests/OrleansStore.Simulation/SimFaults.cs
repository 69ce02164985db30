using OrleansStore.Buckets.StateMachine;
using OrleansStore.Service.Routing;

namespace OrleansStore.Simulation;

/// <summary>How hostile one run is; drawn from its seed.</summary>
internal sealed class SimFaults
{
    private int[] _weights = [];

    public required int Datacenters { get; init; }

    public required int ReplicationFactor { get; init; }

    /// <summary>Per mille of payloads that are lost, and that arrive twice.</summary>
    public required int LossPerMille { get; init; }

    public required int DuplicatePerMille { get; init; }

    /// <summary>Payloads take up to this long, each on its own, so they overtake each other.</summary>
    public required int MaxDelayMs { get; init; }

    /// <summary>A write or sync of the disk takes up to this long.</summary>
    public required int MaxDiskMs { get; init; }

    /// <summary>Mean time between two faults.</summary>
    public required int FaultEveryMs { get; init; }

    /// <summary>Monotonic clocks run up to this much too fast or slow; within the drift bound.</summary>
    public required int DriftPerMille { get; init; }

    /// <summary>Buckets sleep after this long without requests.</summary>
    public required int HibernateAfterMs { get; init; }

    /// <summary>Log bytes after which a bucket is snapshotted.</summary>
    public required int SnapshotLogBytes { get; init; }

    /// <summary>Bytes of the entries in one message, where there is more than one.</summary>
    public required int MaxAppendBytes { get; init; }

    /// <summary>Whether a process that crashed is back before the leases of leaders have ended, and its links with it.</summary>
    public required bool ReturnsAtOnce { get; init; }

    /// <summary>Whether clients give up waiting for writes while these are under way.</summary>
    public required bool ClientsAreImpatient { get; init; }

    /// <summary>Whether clocks drift further than leases allow for: then reads under a lease may be stale, and nothing else may happen.</summary>
    public bool DriftIsBeyondBound => DriftPerMille > 100;

    /// <summary>Whether damage to files is that of writes to the wrong place, not flipped bits.</summary>
    public required bool MisdirectsWrites { get; init; }

    /// <summary>Whether processes are of two releases, and of another one after each start.</summary>
    public required bool ReleasesDiffer { get; init; }

    /// <summary>What buckets remember of requests, and for how long: in some runs so short that they forget. It must be longer than a request lives, and clocks jump.</summary>
    public required TimeSpan KeyRetention { get; init; }

    /// <summary>What buckets are created with.</summary>
    public BucketLimits Limits => BucketLimits.Default with { MaxHistoryEvents = 50, KeyRetention = KeyRetention };

    /// <summary>What routers go by: a client can ask for less time than its request is remembered.</summary>
    public RouterOptions Router { get; private set; } = new();

    public static SimFaults Draw(ulong seed, IRandomSource random)
    {
        var isLarge = random.Next(4) == 0;
        var faults = new SimFaults
        {
            Datacenters = isLarge ? 5 : 3,
            ReplicationFactor = isLarge ? 5 : 3,
            LossPerMille = random.Next(4) * 20,
            DuplicatePerMille = random.Next(3) * 40,
            MaxDelayMs = 1 + (random.Next(4) * random.Next(4) * 15),
            MaxDiskMs = 1 + (random.Next(3) * 8),
            FaultEveryMs = 300 + random.Next(2_500),
            DriftPerMille = (random.Next(2) * 40) + (seed % 16 == 15 ? 300 : 0),
            HibernateAfterMs = 500 + (random.Next(3) * 2_000),
            SnapshotLogBytes = 1_000 << random.Next(6),

            // Not drawn, as is the drift beyond the bound, so that the other runs stay what they were. Every fifth run sends entries one by one, so that what is behind an entry arrives later than it, and has impatient
            // clients; in the next one processes are back before leases have ended.
            MaxAppendBytes = seed % 5 == 0 ? 1 : 256 * 1024,
            ClientsAreImpatient = seed % 5 == 0,
            ReturnsAtOnce = seed % 5 == 1,
            MisdirectsWrites = seed % 16 == 13,
            ReleasesDiffer = seed % 16 == 6,
            KeyRetention = seed % 16 == 9 ? TimeSpan.FromSeconds(20) : BucketLimits.Default.KeyRetention,
        };

        if (faults.KeyRetention < BucketLimits.Default.KeyRetention)
        {
            faults.Router = new RouterOptions { Limits = faults.Limits, MaxTimeout = faults.KeyRetention * 0.75 };
        }

        // Each kind has a rate of its own in each run, often none; but a run with fewer than three kinds shows little.
        var kinds = Enum.GetValues<SimFaultKind>();
        do
        {
            faults._weights = [.. kinds.Select(_ => Math.Max(0, random.Next(8) - 3))];
        }
        while (faults._weights.Count(weight => weight > 0) < 3);

        return faults;
    }

    /// <summary>Draws what goes wrong next.</summary>
    public SimFaultKind DrawKind(IRandomSource random)
    {
        var place = random.Next(_weights.Sum());
        var kind = 0;
        while (place >= _weights[kind])
        {
            place -= _weights[kind++];
        }

        return (SimFaultKind)kind;
    }
}
