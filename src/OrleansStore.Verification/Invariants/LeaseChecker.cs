namespace OrleansStore.Verification.Invariants;

/// <summary>Leases of one bucket never overlap (Raft thesis, section 6.4.1). Observations come in the order of time. Not safe for concurrent use.</summary>
/// <param name="report">Takes what is wrong.</param>
public sealed class LeaseChecker(Action<Violation> report)
{
    private readonly Dictionary<BucketId, Dictionary<ReplicaId, TimeSpan>> _leases = [];

    /// <summary>A lease, or that there is none, was seen: the latest observation of a replica counts.</summary>
    public void Observe(in LeaseSeen seen)
    {
        if (!_leases.TryGetValue(seen.Bucket, out var ofBucket))
        {
            _leases.Add(seen.Bucket, ofBucket = []);
        }

        ofBucket[seen.Replica] = seen.Until;
        if (seen.Until <= seen.Now)
        {
            return;
        }

        foreach (var (other, until) in ofBucket)
        {
            if (other != seen.Replica && until > seen.Now)
            {
                report(new Violation(
                    VerifiedProperty.LeaseExclusion,
                    $"bucket {seen.Bucket} at {seen.Now}: replica {seen.Replica} holds a lease until {seen.Until}, and replica {other} until {until}"));
            }
        }
    }

    /// <summary>A process has ended: it serves nothing any more, whatever leases it had.</summary>
    /// <param name="replica">Its replicas' id.</param>
    public void ForgetLeasesOf(ReplicaId replica)
    {
        foreach (var ofBucket in _leases.Values)
        {
            ofBucket.Remove(replica);
        }
    }
}
