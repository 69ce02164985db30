namespace OrleansStore.Verification.Invariants;

/// <summary>Log matching (Raft figure 3): an index and a term stand for one content and one predecessor, in every log that ever was. By induction logs that share an entry are equal
/// up to it. Not safe for concurrent use.</summary>
/// <param name="report">Takes what is wrong.</param>
public sealed class LogMatchingChecker(Action<Violation> report)
{
    private readonly Dictionary<(BucketId, LogPosition), (ulong Content, Term? Previous)> _entries = [];
    private readonly Dictionary<(BucketId, ReplicaId), ReplicaLogState> _logs = [];

    /// <summary>A replica appends.</summary>
    public void Observe(AppendQueued append)
    {
        ArgumentNullException.ThrowIfNull(append);
        var log = LogOf(append.Bucket, append.Replica);
        log.Apply(append);
        foreach (var entry in append.Entries)
        {
            // The predecessor may have been dropped together with the append; then nothing is known of it.
            var previous = entry.Position.Index.Value > 1 ? log.TermAt(entry.Position.Index.Previous) : Term.None;
            Observe(append.Bucket, append.Replica, entry, previous);
        }
    }

    /// <summary>A replica starts with what storage held; its next append continues that.</summary>
    public void Observe(ReplicaRecovered recovered)
    {
        ArgumentNullException.ThrowIfNull(recovered);
        LogOf(recovered.Bucket, recovered.Replica).Reset(recovered);
    }

    private ReplicaLogState LogOf(BucketId bucket, ReplicaId replica)
    {
        if (!_logs.TryGetValue((bucket, replica), out var log))
        {
            _logs.Add((bucket, replica), log = new ReplicaLogState());
        }

        return log;
    }

    private void Observe(BucketId bucket, ReplicaId replica, LogEntry entry, Term? previous)
    {
        if (!_entries.TryGetValue((bucket, entry.Position), out var known))
        {
            _entries.Add((bucket, entry.Position), (entry.Content, previous));
            return;
        }

        if (known.Content != entry.Content)
        {
            report(new Violation(VerifiedProperty.LogMatching, $"bucket {bucket}: replica {replica} has another entry at {entry.Position} than another log had"));
        }
        else if (previous is { } term && known.Previous is { } knownTerm && term != knownTerm)
        {
            report(new Violation(
                VerifiedProperty.LogMatching, $"bucket {bucket}: before {entry.Position} replica {replica} has an entry of term {term}, another log had one of term {knownTerm}"));
        }
        else if (known.Previous is null)
        {
            _entries[(bucket, entry.Position)] = (known.Content, previous);
        }
    }
}
