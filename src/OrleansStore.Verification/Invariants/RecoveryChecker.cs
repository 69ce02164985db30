namespace OrleansStore.Verification.Invariants;

/// <summary>What storage gives back is what was written: after a sleep all of it, after a crash a beginning of it that holds at least what was acknowledged. Not safe for concurrent use.</summary>
/// <param name="report">Takes what is wrong.</param>
public sealed class RecoveryChecker(Action<Violation> report)
{
    private readonly Dictionary<(BucketId, ReplicaId), Replica> _replicas = [];

    /// <summary>A replica asked for a write.</summary>
    public void Observe(AppendQueued append)
    {
        ArgumentNullException.ThrowIfNull(append);
        ReplicaOf(append.Bucket, append.Replica).Unacknowledged.Enqueue(append);
    }

    /// <summary>Storage acknowledged an append, and with it all before it.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="replica">Which replica.</param>
    /// <param name="number">The append's number.</param>
    public void ObserveDurable(BucketId bucket, ReplicaId replica, long number)
    {
        var (log, unacknowledged) = ReplicaOf(bucket, replica);
        while (unacknowledged.TryPeek(out var append) && append.Number <= number)
        {
            log.Apply(unacknowledged.Dequeue());
        }
    }

    /// <summary>A replica was opened.</summary>
    public void Observe(ReplicaRecovered recovered)
    {
        ArgumentNullException.ThrowIfNull(recovered);
        var replica = ReplicaOf(recovered.Bucket, recovered.Replica);
        var acknowledged = replica.Log.ToString();
        if (!TryMatch(replica, recovered))
        {
            report(new Violation(
                VerifiedProperty.Recovery,
                $"bucket {recovered.Bucket} of replica {recovered.Replica}: storage acknowledged {acknowledged}, was asked for {replica.Log} in the end, and gave back term {recovered.Vote.Term}, "
                    + $"vote {recovered.Vote.Vote}, {recovered.Entries.Count} entries after {recovered.CompactedTo}"));
        }

        replica.Log.Reset(recovered);
        replica.Unacknowledged.Clear();
    }

    /// <summary>Whether what was recovered is the log after some beginning of the appends that were not acknowledged; after a mere sleep, after all of them.</summary>
    private static bool TryMatch(Replica replica, ReplicaRecovered recovered)
    {
        while (true)
        {
            var isComplete = replica.Unacknowledged.Count == 0;
            if ((recovered.IsAfterCrash || isComplete) && IsMatch(replica.Log, recovered))
            {
                return true;
            }

            if (isComplete)
            {
                return false;
            }

            replica.Log.Apply(replica.Unacknowledged.Dequeue());
        }
    }

    private static bool IsMatch(ReplicaLogState log, ReplicaRecovered recovered)
    {
        if (log.Equals(recovered.Vote, recovered.CompactedTo, recovered.Entries))
        {
            return true;
        }

        // A snapshot from the leader was durable, and the crash came before the log took note: storage resets the log to it (Raft section 7).
        return recovered.Snapshot is { } snapshot && recovered.Vote == log.Vote && recovered.CompactedTo == snapshot && recovered.Entries.Count == 0 && !log.Holds(snapshot);
    }

    private Replica ReplicaOf(BucketId bucket, ReplicaId replica)
    {
        if (!_replicas.TryGetValue((bucket, replica), out var found))
        {
            _replicas.Add((bucket, replica), found = new Replica(new ReplicaLogState(), new Queue<AppendQueued>()));
        }

        return found;
    }

    private sealed record Replica(ReplicaLogState Log, Queue<AppendQueued> Unacknowledged);
}
