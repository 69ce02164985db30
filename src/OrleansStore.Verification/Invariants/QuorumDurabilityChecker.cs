namespace OrleansStore.Verification.Invariants;

/// <summary>What a leader calls committed, and what a client was told is applied, is durable on a quorum at that moment (invariant 1), and for good: what a leader
/// commits by counting is of its own term, for an entry of an earlier one may be on a quorum and still be overwritten (Raft section 5.4.2, figure 8). Not safe for concurrent use.</summary>
/// <param name="report">Takes what is wrong.</param>
public sealed class QuorumDurabilityChecker(Action<Violation> report)
{
    private readonly Dictionary<(BucketId, ReplicaId), Replica> _replicas = [];
    private readonly Dictionary<(BucketId, ulong), HashSet<LogPosition>> _marks = [];

    // What a leader was first seen to count as committed in its term: it may have learned that much from the leader before it.
    private readonly Dictionary<(BucketId, ReplicaId, Term), LogIndex> _firstCommits = [];

    /// <summary>A replica asked for a write.</summary>
    public void Observe(AppendQueued append)
    {
        ArgumentNullException.ThrowIfNull(append);
        var replica = ReplicaOf(append.Bucket, append.Replica);
        replica.Unacknowledged.Enqueue(append);
        replica.Latest.Apply(append);
        NoteMarks(append.Bucket, append.Entries);
    }

    /// <summary>Storage acknowledged an append, and with it all before it.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="replica">Which replica.</param>
    /// <param name="number">The append's number.</param>
    public void ObserveDurable(BucketId bucket, ReplicaId replica, long number)
    {
        var (durable, _, unacknowledged) = ReplicaOf(bucket, replica);
        while (unacknowledged.TryPeek(out var append) && append.Number <= number)
        {
            durable.Apply(unacknowledged.Dequeue());
        }
    }

    /// <summary>A replica was opened: what storage gave is durable.</summary>
    public void Observe(ReplicaRecovered recovered)
    {
        ArgumentNullException.ThrowIfNull(recovered);
        var replica = ReplicaOf(recovered.Bucket, recovered.Replica);
        replica.Durable.Reset(recovered);
        replica.Latest.Reset(recovered);
        replica.Unacknowledged.Clear();
    }

    /// <summary>A leader has a commit index.</summary>
    public void Observe(in CommitSeen seen)
    {
        var (bucket, commit) = (seen.Bucket, seen.Commit);
        var isFirst = _firstCommits.TryAdd((bucket, seen.Leader, seen.Term), commit);
        if (commit == LogIndex.None || ReplicaOf(bucket, seen.Leader).Latest.TermAt(commit) is not { } term)
        {
            return;
        }

        var position = new LogPosition(commit, term);
        if (!seen.Voters.HasQuorum(voter => Holds(bucket, voter, position)))
        {
            report(new Violation(
                VerifiedProperty.QuorumDurability, $"bucket {bucket}: replica {seen.Leader} counts {position} as committed, which is durable on {HoldersOf(bucket, seen.Voters, position)}"));
        }
        else if (!isFirst && term != seen.Term && commit > _firstCommits[(bucket, seen.Leader, seen.Term)])
        {
            report(new Violation(
                VerifiedProperty.QuorumDurability, $"bucket {bucket}: replica {seen.Leader} counts {position} as committed, of an earlier term than its own, {seen.Term}: it may still be overwritten"));
        }
    }

    /// <summary>A client is told that its request was applied.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="mark">The request's mark; not 0.</param>
    /// <param name="voters">The configuration in force. While it is joint a majority of one half suffices: the entry may have been committed before it.</param>
    public void ObserveAcknowledged(BucketId bucket, ulong mark, VoterSet voters)
    {
        ArgumentNullException.ThrowIfNull(voters);
        var places = _marks.GetValueOrDefault((bucket, mark)) ?? [];
        if (!places.Any(position => voters.HasQuorumOfOneHalf(voter => Holds(bucket, voter, position))))
        {
            report(new Violation(
                VerifiedProperty.QuorumDurability,
                $"bucket {bucket}: request {mark:x} was acknowledged, and of its entries {string.Join(", ", places.Select(position => $"{position} is durable on {HoldersOf(bucket, voters, position)}"))}"));
        }
    }

    private void NoteMarks(BucketId bucket, IReadOnlyList<LogEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Mark == 0)
            {
                continue;
            }

            if (!_marks.TryGetValue((bucket, entry.Mark), out var places))
            {
                _marks.Add((bucket, entry.Mark), places = []);
            }

            places.Add(entry.Position);
        }
    }

    private bool Holds(BucketId bucket, ReplicaId replica, LogPosition position) =>
        _replicas.TryGetValue((bucket, replica), out var found) && found.Durable.Holds(position);

    private string HoldersOf(BucketId bucket, VoterSet voters, LogPosition position) =>
        $"[{string.Join(", ", voters.Voters.Concat(voters.Outgoing).Distinct().Where(voter => Holds(bucket, voter, position)))}] of [{string.Join(", ", voters.Voters)}]";

    private Replica ReplicaOf(BucketId bucket, ReplicaId replica)
    {
        if (!_replicas.TryGetValue((bucket, replica), out var found))
        {
            _replicas.Add((bucket, replica), found = new Replica(new ReplicaLogState(), new ReplicaLogState(), new Queue<AppendQueued>()));
        }

        return found;
    }

    private sealed record Replica(ReplicaLogState Durable, ReplicaLogState Latest, Queue<AppendQueued> Unacknowledged);
}
