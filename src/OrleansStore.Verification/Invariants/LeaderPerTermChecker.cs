namespace OrleansStore.Verification.Invariants;

/// <summary>Election safety (Raft figure 3). Not safe for concurrent use.</summary>
/// <param name="report">Takes what is wrong.</param>
public sealed class LeaderPerTermChecker(Action<Violation> report)
{
    private readonly Dictionary<(BucketId, Term), ReplicaId> _leaders = [];

    /// <summary>A replica was seen to lead.</summary>
    public void Observe(in LeaderSeen seen)
    {
        if (!_leaders.TryAdd((seen.Bucket, seen.Term), seen.Leader) && _leaders[(seen.Bucket, seen.Term)] is var other && other != seen.Leader)
        {
            report(new Violation(VerifiedProperty.LeaderPerTerm, $"bucket {seen.Bucket} has two leaders in term {seen.Term}: replicas {other} and {seen.Leader}"));
        }
    }
}
