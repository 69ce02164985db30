namespace OrleansStore.Verification.Invariants;

/// <summary>What the log of one replica should hold after some of its appends.</summary>
internal sealed class ReplicaLogState
{
    private readonly List<LogEntry> _entries = [];

    public DurableVote Vote { get; private set; }

    public LogPosition CompactedTo { get; private set; }

    public IReadOnlyList<LogEntry> Entries => _entries;

    public void Apply(AppendQueued append)
    {
        Vote = append.Vote ?? Vote;
        if (append.Installed is { } installed)
        {
            _entries.Clear();
            CompactedTo = installed;
        }

        if (append.Entries.Count > 0)
        {
            var kept = (int)(append.Entries[0].Position.Index.Value - CompactedTo.Index.Value) - 1;
            _entries.RemoveRange(Math.Min(kept, _entries.Count), Math.Max(0, _entries.Count - kept));
            _entries.AddRange(append.Entries);
        }

        if (append.CompactedTo is { } compacted && compacted.Index > CompactedTo.Index)
        {
            _entries.RemoveRange(0, Math.Min(_entries.Count, (int)(compacted.Index - CompactedTo.Index)));
            CompactedTo = compacted;
        }
    }

    public void Reset(ReplicaRecovered recovered)
    {
        (Vote, CompactedTo) = (recovered.Vote, recovered.CompactedTo);
        _entries.Clear();
        _entries.AddRange(recovered.Entries);
    }

    /// <summary>The term of the entry at an index; null where the log does not reach so far, or no longer holds it.</summary>
    public Term? TermAt(LogIndex index)
    {
        if (index <= CompactedTo.Index)
        {
            return index == CompactedTo.Index ? CompactedTo.Term : null;
        }

        var place = index.Value - CompactedTo.Index.Value - 1;
        return place < (ulong)_entries.Count ? _entries[(int)place].Position.Term : null;
    }

    /// <summary>Whether the log, with the snapshot in front of it, holds an entry.</summary>
    public bool Holds(LogPosition position) => position.Index < CompactedTo.Index || TermAt(position.Index) == position.Term;

    public bool Equals(DurableVote vote, LogPosition compactedTo, IReadOnlyList<LogEntry> entries) =>
        Vote == vote && CompactedTo == compactedTo && _entries.SequenceEqual(entries);

    public override string ToString() =>
        $"term {Vote.Term}, vote {Vote.Vote}, {_entries.Count} entries after {CompactedTo}" + (_entries.Count > 0 ? $" up to {_entries[^1].Position}" : string.Empty);
}
