using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus.Log;

/// <summary>The log of one replica: entries in memory, how far they are durable, committed and applied, and a snapshot that is being installed.</summary>
/// <remarks>
/// <code>
///  compacted | durable        | being written | not handed out |
///  ----------+----------------+---------------+----------------+
///          Prev            Durable        HandedOut        LastIndex
/// </code>
/// Applied ≤ Applying ≤ Commit ≤ LastIndex. Commit and Durable are independent: a follower may learn that an entry is committed, by a majority
/// that does not include it, before its own disk has it.
/// </remarks>
internal sealed partial class RaftLog
{
    private readonly EntryBuffer _entries = new();
    private readonly long _maxApplyingBytes;

    // Bytes handed out for applying and not yet applied.
    private long _applyingBytes;
    private bool _isApplyingPaused;
    private bool _isSnapshotHandedOut;

    /// <param name="prev">The entry before the first one: what the log was compacted to.</param>
    /// <param name="entries">The durable entries after it.</param>
    /// <param name="maxApplyingBytes">Bound on the bytes handed out and not yet applied; one entry is always handed out.</param>
    public RaftLog(EntryId prev, ReadOnlySpan<Entry> entries, long maxApplyingBytes)
    {
        _maxApplyingBytes = maxApplyingBytes;
        Prev = prev;
        CheckConsecutive(prev, entries);
        _entries.Append(entries);
        Durable = HandedOut = LastIndex;
        Commit = Applying = Applied = prev.Index;
    }

    /// <summary>The entry before the first one.</summary>
    public EntryId Prev { get; private set; }

    public LogIndex FirstIndex => Prev.Index.Next;

    public LogIndex LastIndex => Prev.Index + (ulong)_entries.Count;

    public EntryId LastEntry => _entries.Count == 0 ? Prev : _entries[_entries.Count - 1].Id;

    /// <summary>The last entry that is known to be durable here.</summary>
    public LogIndex Durable { get; private set; }

    /// <summary>The last entry that was given to storage.</summary>
    public LogIndex HandedOut { get; private set; }

    // Invariant: never moves back (Raft, figure 3: state machine safety).
    public LogIndex Commit { get; private set; }

    /// <summary>The last entry that was given to the state machine.</summary>
    public LogIndex Applying { get; private set; }

    /// <summary>The last entry that the state machine has applied.</summary>
    public LogIndex Applied { get; private set; }

    /// <summary>A snapshot that replaces the log and is not durable yet; null where there is none.</summary>
    public RaftSnapshot? InstallingSnapshot { get; private set; }

    /// <summary>Returns the term of an entry, or of the entry before the first one; null where the log does not know it.</summary>
    public Term? TermAt(LogIndex index)
    {
        if (index == Prev.Index)
        {
            return Prev.Term;
        }

        return index > Prev.Index && index <= LastIndex ? At(index).Term : null;
    }

    public bool Contains(EntryId id) => TermAt(id.Index) == id.Term;

    /// <summary>Whether a voter with this log may grant its vote to a candidate with that last entry (Raft section 5.4.1).</summary>
    public bool IsUpToDate(EntryId candidate)
    {
        var last = LastEntry;
        return candidate.Term > last.Term || (candidate.Term == last.Term && candidate.Index >= last.Index);
    }

    /// <summary>Returns the first of <paramref name="entries"/> that this log lacks or holds with another term; <see cref="LogIndex.None"/> if there is none.</summary>
    public LogIndex FindConflict(ReadOnlySpan<Entry> entries)
    {
        foreach (ref readonly var entry in entries)
        {
            if (!Contains(entry.Id))
            {
                return entry.Index;
            }
        }

        return LogIndex.None;
    }

    /// <summary>Returns the last entry at or before <paramref name="index"/> whose term is not above <paramref name="term"/>: where two logs may agree
    /// again, skipping whole terms (Raft section 5.3, the optimisation at its end). Its term is null where the log does not know it.</summary>
    public (LogIndex Index, Term? Term) FindConflictByTerm(LogIndex index, Term term)
    {
        if (TermAt(index) is not { } termAtIndex)
        {
            return (index, null);
        }

        if (termAtIndex <= term)
        {
            return (index, termAtIndex);
        }

        if (Prev.Term > term)
        {
            // Even the compacted prefix ends in a later term; what lies before it is unknown.
            var before = new LogIndex(Math.Max(Prev.Index.Value, 1) - 1);
            return (before, before == LogIndex.None ? OrleansStore.Term.None : null);
        }

        // Terms never fall along a log, so the boundary can be found by halving. Invariant: term at low ≤ term < term at high.
        var (low, high) = (Prev.Index, index);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (TermAt(middle) <= term)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low, TermAt(low));
    }

    /// <summary>Appends what a leader sent, if the log holds the entry before it (Log Matching, Raft section 5.3).</summary>
    /// <param name="prev">The entry before <paramref name="entries"/> in the leader's log.</param>
    /// <param name="leaderCommit">The leader's commit index.</param>
    /// <param name="entries">Consecutive entries after <paramref name="prev"/>.</param>
    /// <param name="lastNew">The last entry that now equals the leader's.</param>
    public bool TryAppend(EntryId prev, LogIndex leaderCommit, ReadOnlySpan<Entry> entries, out LogIndex lastNew)
    {
        lastNew = LogIndex.None;
        if (!Contains(prev))
        {
            return false;
        }

        lastNew = prev.Index + (ulong)entries.Length;
        var conflict = FindConflict(entries);
        if (conflict != LogIndex.None)
        {
            Append(entries[(int)(conflict - prev.Index - 1)..]);
        }

        CommitTo(leaderCommit < lastNew ? leaderCommit : lastNew);
        return true;
    }

    /// <summary>Appends entries, overwriting what stands at their indexes and behind.</summary>
    public void Append(ReadOnlySpan<Entry> entries)
    {
        if (entries.IsEmpty)
        {
            return;
        }

        var before = entries[0].Index.Previous;
        Invariant.Check(before >= Commit, $"entry {entries[0].Index} would overwrite a committed one, commit={Commit}");
        Invariant.Check(before <= LastIndex, $"entry {entries[0].Index} would leave a gap after {LastIndex}");
        Invariant.Check(InstallingSnapshot is null || before >= InstallingSnapshot.Metadata.Index, "an entry below the snapshot that is being installed");
        if (before < LastIndex)
        {
            // What storage already has of the old tail must be written again.
            _entries.Truncate((int)(before - Prev.Index));
            HandedOut = Min(HandedOut, before);
            Durable = Min(Durable, before);
        }

        CheckConsecutive(LastEntry, entries);
        _entries.Append(entries);
    }

    /// <summary>Raises the commit index; a lower one is ignored.</summary>
    public void CommitTo(LogIndex index)
    {
        if (index > Commit)
        {
            Invariant.Check(index <= LastIndex, $"commit {index} beyond the last entry {LastIndex}: entries this replica acknowledged were lost");
            Commit = index;
        }
    }

    /// <summary>Commits up to an entry if that raises the commit index and the entry is of <paramref name="term"/>.</summary>
    public bool TryCommit(LogIndex index, Term term)
    {
        // Raft section 5.4.2, figure 8: an entry of an earlier term may be on a majority and still be overwritten. Only an entry of
        // the leader's own term commits by counting; earlier ones ride along.
        if (index <= Commit || term == Term.None || TermAt(index) != term)
        {
            return false;
        }

        CommitTo(index);
        return true;
    }

    /// <summary>Drops the entries up to <paramref name="index"/>. The caller holds a durable snapshot that covers them (invariant 7).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Entries up to there were dropped already, or are not applied yet.</exception>
    public void Compact(LogIndex index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(index, Prev.Index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, Applied);
        var prev = At(index).Id;
        _entries.DropFirst((int)(index - Prev.Index));
        Prev = prev;
    }

    /// <summary>Replaces the whole log by a snapshot; it is to be made durable.</summary>
    public void Restore(RaftSnapshot snapshot)
    {
        var id = snapshot.Metadata.LastEntry;
        Invariant.Check(id.Index > Commit, $"snapshot {id} is not ahead of commit {Commit}");
        _entries.Truncate(0);
        Prev = id;
        Commit = Durable = HandedOut = id.Index;
        InstallingSnapshot = snapshot;
        _isSnapshotHandedOut = false;
    }

    private static LogIndex Min(LogIndex a, LogIndex b) => a < b ? a : b;

    private static void CheckConsecutive(EntryId before, ReadOnlySpan<Entry> entries)
    {
        foreach (ref readonly var entry in entries)
        {
            Invariant.Check(entry.Index == before.Index.Next, $"entry {entry.Index} after {before.Index}");
            Invariant.Check(entry.Term >= before.Term, $"term {entry.Term} after {before.Term} at {entry.Index}: terms never fall along a log");
            before = entry.Id;
        }
    }

    private ref readonly Entry At(LogIndex index) => ref _entries[(int)(index - Prev.Index) - 1];
}
