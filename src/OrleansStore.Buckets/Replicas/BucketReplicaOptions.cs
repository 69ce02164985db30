using System.Runtime.CompilerServices;
using OrleansStore.Consensus;
using OrleansStore.Diagnostics;

namespace OrleansStore.Buckets.Replicas;

/// <summary>How a replica of a bucket behaves.</summary>
public sealed class BucketReplicaOptions
{
    /// <summary>How it takes part in its Raft group; storage is asynchronous.</summary>
    public required RaftOptions Raft { get; init; }

    /// <summary>Requests that may wait for an answer; past it they are throttled. 8,192 by default.</summary>
    public int MaxPendingRequests { get; init; } = 8192;

    /// <summary>What a throttled client is told to wait. 50 ms by default.</summary>
    public TimeSpan ThrottleDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a bucket without requests stays awake. 10 s by default.</summary>
    public TimeSpan HibernateAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a leader waits for a write of its own storage before it hands over to a replica that holds the whole log. 1 s by default: longer than a healthy disk takes.</summary>
    public TimeSpan StallPatience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A snapshot is taken once the log since the last one has more bytes than this, and more than the state. 1 MiB by default. Larger
    /// means less writing and longer recovery.</summary>
    public long MinSnapshotLogBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of log that are kept behind a snapshot, so that a follower that is only slow needs none. 256 KiB by default.</summary>
    public long TrailingLogBytes { get; init; } = 256 * 1024;

    /// <summary>Bytes of entries in one write; more are split over several, a single larger entry is written alone. 2 MiB by default. Storage must take as much in one piece.</summary>
    public long MaxWriteBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>Returns all mistakes, each with the values that make it one; none if the options can be used.</summary>
    public IReadOnlyList<string> Validate()
    {
        var mistakes = new List<string>(Raft.Validate());
        Require(Raft.AsyncStorageWrites, $"Raft.AsyncStorageWrites must be on.");
        Require(MaxPendingRequests > 0, $"MaxPendingRequests = {MaxPendingRequests} must be above 0.");
        Require(ThrottleDelay > TimeSpan.Zero, $"ThrottleDelay = {ThrottleDelay} must be above 0.");
        Require(HibernateAfter > TimeSpan.Zero, $"HibernateAfter = {HibernateAfter} must be above 0.");
        Require(StallPatience > TimeSpan.Zero, $"StallPatience = {StallPatience} must be above 0.");
        Require(MinSnapshotLogBytes > 0, $"MinSnapshotLogBytes = {MinSnapshotLogBytes} must be above 0.");
        Require(TrailingLogBytes >= 0, $"TrailingLogBytes = {TrailingLogBytes} must not be negative.");
        Require(MaxWriteBytes > 0, $"MaxWriteBytes = {MaxWriteBytes} must be above 0.");
        return mistakes;

        // Built only for a mistake: every replica that comes into memory checks its options.
        void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] InvariantMessage mistake)
        {
            if (!condition)
            {
                mistakes.Add(mistake.ToString());
            }
        }
    }
}
