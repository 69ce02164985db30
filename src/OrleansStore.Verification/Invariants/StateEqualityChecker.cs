namespace OrleansStore.Verification.Invariants;

/// <summary>State machine safety (Raft figure 3) by content: equal state at equal applied index, over replicas, restarts and snapshots. Not safe for concurrent use.</summary>
/// <param name="report">Takes what is wrong.</param>
public sealed class StateEqualityChecker(Action<Violation> report)
{
    private readonly Dictionary<(BucketId, LogIndex), (ReplicaId Replica, ulong Hash)> _states = [];

    /// <summary>A state was seen.</summary>
    public void Observe(in StateSeen seen)
    {
        if (!_states.TryAdd((seen.Bucket, seen.Applied), (seen.Replica, seen.Hash)) && _states[(seen.Bucket, seen.Applied)] is var first && first.Hash != seen.Hash)
        {
            report(new Violation(
                VerifiedProperty.StateEquality,
                $"bucket {seen.Bucket} at applied index {seen.Applied}: replica {seen.Replica} has state {seen.Hash:x16}, replica {first.Replica} had {first.Hash:x16}"));
        }
    }
}
