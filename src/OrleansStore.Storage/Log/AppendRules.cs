using OrleansStore.Consensus;
using OrleansStore.Diagnostics;

namespace OrleansStore.Storage.Log;

/// <summary>Checks every append of one writer against what it appended before, so that a bad one stops this bucket and nothing else. The same for every kind of storage.</summary>
internal sealed class AppendRules(BucketId bucket, ISnapshotStore snapshots, int maxBytes)
{
    // Invariant: first and last index as of the last append that was accepted, durable or not.
    private LogIndex _compactedTo;
    private LogIndex _last;

    /// <summary>Begins after what storage holds.</summary>
    public void Start(LogState state)
    {
        _compactedTo = state.CompactedTo.Index;
        _last = state.LastIndex;
    }

    /// <summary>Checks one append; nothing changes before <see cref="Accept"/>.</summary>
    /// <exception cref="ArgumentException">It is empty, too large, or removes the bucket and does something else.</exception>
    /// <exception cref="InvariantViolationException">Its entries leave a gap or lie below the compaction point, or no durable snapshot covers a compaction.</exception>
    public CheckedAppend Check(in LogAppend append)
    {
        var size = BatchBuffer.SizeOf(append);
        if (size == 0 || size > maxBytes)
        {
            throw new ArgumentException($"An append of {size} bytes; it must have 1 to {maxBytes}.", nameof(append));
        }

        if (append.RemovesBucket && size > RecordFormat.HeaderBytes)
        {
            throw new ArgumentException("An append that removes the bucket must do nothing else.", nameof(append));
        }

        var (compactedTo, last) = Follow(append);
        return new CheckedAppend(size, compactedTo, _last, last);
    }

    /// <summary>Notes that a checked append was queued.</summary>
    public void Accept(in CheckedAppend append) => (_compactedTo, _last) = (append.CompactedTo, append.Last);

    /// <summary>Follows the parts of an append in the order in which they take effect.</summary>
    private (LogIndex CompactedTo, LogIndex Last) Follow(in LogAppend append)
    {
        var (compactedTo, last) = append.RemovesBucket ? (LogIndex.None, LogIndex.None) : (_compactedTo, _last);
        if (append.InstalledSnapshot is { } installed)
        {
            RequireSnapshot(installed);
            Invariant.Check(installed.Index >= compactedTo, $"bucket {bucket}: a snapshot at {installed} was installed, but the log was dropped up to {compactedTo}");
            (compactedTo, last) = (installed.Index, installed.Index);
        }

        if (!append.Entries.IsEmpty)
        {
            last = CheckEntries(append.Entries.Span, compactedTo, last);
        }

        if (append.CompactedTo is { } mark)
        {
            RequireSnapshot(mark);
            Invariant.Check(mark.Index >= compactedTo && mark.Index <= last, $"bucket {bucket}: compaction to {mark} of a log in [{compactedTo}, {last}]");
            compactedTo = mark.Index;
        }

        return (compactedTo, last);
    }

    private LogIndex CheckEntries(ReadOnlySpan<Entry> entries, LogIndex compactedTo, LogIndex last)
    {
        var first = entries[0].Index;
        Invariant.Check(first > compactedTo, $"bucket {bucket}: entries from {first} on lie below the compaction point {compactedTo}");
        Invariant.Check(first <= last.Next, $"bucket {bucket}: entries from {first} on leave a gap after {last}");
        for (var i = 0; i < entries.Length; i++)
        {
            Invariant.Check(
                entries[i].Type is EntryType.Normal or EntryType.ConfigChange, $"bucket {bucket}: entry {entries[i].Id} has type {entries[i].Type}, which no reader takes");
            Invariant.Check(i == 0 || entries[i].Index == entries[i - 1].Index.Next, $"bucket {bucket}: entry {entries[i].Id} stands at place {i} after {first}");
        }

        return entries[^1].Index;
    }

    private void RequireSnapshot(EntryId id)
    {
        // Invariant 7: the snapshot comes first. The store lists durable ones only.
        var covered = snapshots.Newest(bucket)?.Metadata.Index ?? LogIndex.None;
        Invariant.Check(id.Index <= covered, $"bucket {bucket}: the log is to be dropped up to {id}, but a snapshot covers {covered} only");
    }

    /// <summary>An append that was checked.</summary>
    /// <param name="SizeBytes">What it takes in a batch of files; near enough for every other queue.</param>
    /// <param name="CompactedTo">The compaction point after it.</param>
    /// <param name="LastBefore">The last index before it.</param>
    /// <param name="Last">The last index after it.</param>
    internal readonly record struct CheckedAppend(long SizeBytes, LogIndex CompactedTo, LogIndex LastBefore, LogIndex Last);
}
