using OrleansStore.Buckets.Replicas;
using OrleansStore.Buckets.StateMachine;
using OrleansStore.Consensus;

namespace OrleansStore.Service.Replicas;

/// <summary>How the buckets of one process behave.</summary>
public sealed class SiloOptions
{
    /// <summary>Times and bounds of consensus; <see cref="RaftOptions.Id"/> and <see cref="RaftOptions.Priority"/> are set per bucket.</summary>
    public RaftOptions Raft { get; init; } = new() { Id = new ReplicaId(1) };

    /// <summary>Bounds of the replicated state of buckets created here. Equal in all datacenters.</summary>
    public BucketLimits Limits { get; init; } = BucketLimits.Default;

    /// <summary>How long a bucket without requests stays awake. 10 s by default.</summary>
    public TimeSpan HibernateAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Log bytes after which a bucket is snapshotted, if its state is not larger. 1 MiB by default.</summary>
    public long MinSnapshotLogBytes { get; init; } = 1024 * 1024;

    /// <summary>Log bytes kept behind a snapshot. 256 KiB by default.</summary>
    public long TrailingLogBytes { get; init; } = 256 * 1024;

    /// <summary>Requests that may wait in one bucket; past it they are throttled. 8,192 by default.</summary>
    public int MaxPendingRequests { get; init; } = 8192;

    /// <summary>Buckets that are brought into memory at a time; others wait in line. 64 by default.</summary>
    public int MaxConcurrentActivations { get; init; } = 64;

    /// <summary>Snapshots that are written at a time. 2 by default.</summary>
    public int MaxConcurrentSnapshots { get; init; } = 2;

    /// <summary>Returns all mistakes, each with the values that make it one; none if the options can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var mistakes = new List<string>(ForReplica(Raft.Id, priority: 0).Validate());
        mistakes.AddRange(Limits.FindErrors());
        Require(MaxConcurrentActivations > 0, $"MaxConcurrentActivations = {MaxConcurrentActivations} must be above 0.");
        Require(MaxConcurrentSnapshots > 0, $"MaxConcurrentSnapshots = {MaxConcurrentSnapshots} must be above 0.");
        return mistakes;

        void Require(bool condition, string mistake)
        {
            if (!condition)
            {
                mistakes.Add(mistake);
            }
        }
    }

    internal BucketReplicaOptions ForReplica(ReplicaId id, int priority) => new()
    {
        Raft = Raft.ForReplica(id, priority),
        MaxPendingRequests = MaxPendingRequests,
        HibernateAfter = HibernateAfter,
        MinSnapshotLogBytes = MinSnapshotLogBytes,
        TrailingLogBytes = TrailingLogBytes,
    };
}
