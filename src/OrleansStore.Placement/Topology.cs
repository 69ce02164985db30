using System.Collections.Immutable;

namespace OrleansStore.Placement;

/// <summary>The stored, versioned value that says which datacenters there are and what part each has. Immutable; always valid.</summary>
/// <remarks>
/// <para>It holds the goal of the ring and, oldest first, the goals before it. Placement is a pure function of this value: it replays the goals,
/// each with the fewest moves. So two processes with equal topologies place every bucket alike, and a change of the topology moves no replica
/// that need not move. The README says why a function of the present datacenters alone could not do that.</para>
/// <para>Bucket count and primary datacenter are facts of this value, agreed at first creation, not settings that are read at each start.</para>
/// </remarks>
public sealed class Topology : IEquatable<Topology>
{
    /// <summary>The most datacenters of a store.</summary>
    public const int MaxDatacenters = 64;

    /// <summary>The most replicas of a bucket: the most voters of a Raft group.</summary>
    public const int MaxReplicationFactor = 9;

    /// <summary>The most goals that are remembered. A store whose goal changed more often must forget them with <see cref="ForgetPastGoals"/>.</summary>
    public const int MaxPastGoals = 128;

    internal Topology(
        Epoch epoch,
        BucketCount bucketCount,
        DatacenterId lastDatacenter,
        ImmutableArray<Datacenter> datacenters,
        PlacementGoal goal,
        ImmutableArray<PlacementGoal> pastGoals)
    {
        Epoch = epoch;
        BucketCount = bucketCount;
        LastDatacenter = lastDatacenter;
        Datacenters = datacenters;
        Goal = goal;
        PastGoals = pastGoals;
        Hash = TopologyCodec.Hash(this);
    }

    /// <summary>The version of this value. Epochs only rise (invariant 9).</summary>
    public Epoch Epoch { get; }

    /// <summary>How many buckets the store has.</summary>
    public BucketCount BucketCount { get; }

    /// <summary>The highest datacenter number ever given in this store. The next datacenter gets a higher one.</summary>
    public DatacenterId LastDatacenter { get; }

    /// <summary>The datacenters by ascending number; at least one.</summary>
    public ImmutableArray<Datacenter> Datacenters { get; }

    /// <summary>What the ring is to reach: weights, replication factor, primary datacenter.</summary>
    public PlacementGoal Goal { get; }

    /// <summary>The goals before <see cref="Goal"/>, oldest first; at most <see cref="MaxPastGoals"/>.</summary>
    public ImmutableArray<PlacementGoal> PastGoals { get; }

    /// <summary>A hash of the whole value that is the same on every machine: hellos compare it.</summary>
    public ulong Hash { get; }

    /// <summary>Says what is wrong with a draft.</summary>
    /// <returns>One sentence with values for each rule that is broken; empty if <see cref="Create"/> accepts the draft.</returns>
    public static ImmutableArray<string> Validate(TopologyDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return TopologyRules.Check(draft);
    }

    /// <summary>Makes the first topology of a store; its epoch is 1.</summary>
    /// <exception cref="ArgumentException">The draft is not valid; the message holds every error.</exception>
    public static Topology Create(TopologyDraft draft)
    {
        ThrowIfAny(Validate(draft), nameof(draft));
        var datacenters = Sort(draft);
        return new Topology(Epoch.None.Next, new BucketCount(draft.BucketCount), datacenters[^1].Id, datacenters, GoalOf(draft, datacenters), []);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="CorruptionException">The bytes are not a topology, not whole, of a format this version does not know, or not valid.</exception>
    public static Topology Decode(ReadOnlySpan<byte> bytes) => TopologyCodec.Decode(bytes);

    /// <summary>Says what is wrong with a draft that is to replace this topology.</summary>
    /// <returns>One sentence with values for each rule that is broken; empty if <see cref="Replace"/> accepts the draft.</returns>
    public ImmutableArray<string> ValidateReplacement(TopologyDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var errors = TopologyRules.CheckSuccessor(this, draft);
        return PastGoals.Length < MaxPastGoals
            ? errors
            : errors.Add($"There are {PastGoals.Length} past goals, the most that are kept: forget them first, at a time when many buckets may move.");
    }

    /// <summary>Makes the topology of the next epoch. It remembers the present goal if the draft changes it.</summary>
    /// <param name="draft">Start from <see cref="ToDraft"/>. Datacenters keep number and name; new ones get numbers above <see cref="LastDatacenter"/>.</param>
    /// <exception cref="ArgumentException">The draft is not valid; the message holds every error.</exception>
    public Topology Replace(TopologyDraft draft)
    {
        ThrowIfAny(ValidateReplacement(draft), nameof(draft));
        var datacenters = Sort(draft);
        var goal = GoalOf(draft, datacenters);
        var last = datacenters[^1].Id > LastDatacenter ? datacenters[^1].Id : LastDatacenter;
        return new Topology(Epoch.Next, BucketCount, last, datacenters, goal, goal.Equals(Goal) ? PastGoals : PastGoals.Add(Goal));
    }

    /// <summary>Makes the topology of the next epoch with the same goal and no past. This may move most replicas: plan it like a migration.</summary>
    public Topology ForgetPastGoals() => new(Epoch.Next, BucketCount, LastDatacenter, Datacenters, Goal, []);

    /// <summary>This topology as a draft to change.</summary>
    public TopologyDraft ToDraft() => new()
    {
        Datacenters = Datacenters,
        ReplicationFactor = Goal.ReplicationFactor,
        BucketCount = BucketCount.Value,
        PrimaryDatacenter = Goal.PrimaryDatacenter,
    };

    /// <summary>Returns the one byte-exact form of this value; <c>TopologyCodec</c> draws it. The caller owns the array.</summary>
    public byte[] Encode() => TopologyCodec.Encode(this);

    /// <summary>Returns the datacenter of that number, or null.</summary>
    public Datacenter? Find(DatacenterId id)
    {
        foreach (var datacenter in Datacenters)
        {
            if (datacenter.Id == id)
            {
                return datacenter;
            }
        }

        return null;
    }

    /// <summary>Whether both have the same encoding.</summary>
    public bool Equals(Topology? other) => other is not null && Hash == other.Hash && Encode().AsSpan().SequenceEqual(other.Encode());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Topology);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((int)Hash);

    private static ImmutableArray<Datacenter> Sort(TopologyDraft draft) => [.. draft.Datacenters.OrderBy(datacenter => datacenter.Id)];

    private static PlacementGoal GoalOf(TopologyDraft draft, ImmutableArray<Datacenter> datacenters) =>
        new(draft.ReplicationFactor, draft.PrimaryDatacenter, [.. datacenters.Select(datacenter => new DatacenterWeight(datacenter.Id, datacenter.Weight))]);

    private static void ThrowIfAny(ImmutableArray<string> errors, string parameter)
    {
        if (!errors.IsEmpty)
        {
            throw new ArgumentException(string.Join(' ', errors), parameter);
        }
    }
}
