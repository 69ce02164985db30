namespace OrleansStore.Verification.Invariants;

/// <summary>The prefix of a log is dropped only when a durable snapshot covers it (invariant 7). Keeps nothing between two observations.</summary>
/// <param name="report">Takes what is wrong.</param>
public sealed class TruncationChecker(Action<Violation> report)
{
    /// <summary>A replica asked for a write.</summary>
    /// <param name="append">The write.</param>
    /// <param name="snapshot">The newest snapshot that was durable when it did; null where there was none.</param>
    public void Observe(AppendQueued append, LogPosition? snapshot)
    {
        ArgumentNullException.ThrowIfNull(append);
        if ((append.CompactedTo ?? append.Installed) is { } dropped)
        {
            Require(append.Bucket, append.Replica, dropped, snapshot);
        }
    }

    /// <summary>A replica was opened.</summary>
    public void Observe(ReplicaRecovered recovered)
    {
        ArgumentNullException.ThrowIfNull(recovered);
        Require(recovered.Bucket, recovered.Replica, recovered.CompactedTo, recovered.Snapshot);
    }

    private void Require(BucketId bucket, ReplicaId replica, LogPosition dropped, LogPosition? snapshot)
    {
        if (dropped.Index > (snapshot?.Index ?? LogIndex.None))
        {
            report(new Violation(
                VerifiedProperty.Truncation,
                $"bucket {bucket} of replica {replica}: the log up to {dropped} is dropped, and the newest durable snapshot {(snapshot is { } newest ? $"is at {newest}" : "does not exist")}"));
        }
    }
}
