namespace OrleansStore.Verification.Invariants;

/// <summary>Election safety (Raft figure 3). Not safe for concurrent use.</summary>
/// <param name="report">Takes what is wrong.</param>
public sealed class LeaderPerTermChecker(Action<Violation> report)
{
    private readonly Dictionary<(BucketId, Term), LeaderSeen> _leaders = [];

    /// <summary>A replica was seen to lead.</summary>
    public void Observe(in LeaderSeen seen)
    {
        if (!_leaders.TryAdd((seen.Bucket, seen.Term), seen) && _leaders[(seen.Bucket, seen.Term)] is var other && other != seen)
        {
            report(new Violation(VerifiedProperty.LeaderPerTerm, $"bucket {seen.Bucket} has two leaders in term {seen.Term}: replica {other.Leader} in its activation {other.Activation}, and replica {seen.Leader} in its activation {seen.Activation}"));
        }
    }
}
