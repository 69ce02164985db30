using OrleansStore.Consensus;
using OrleansStore.Storage.Log;

namespace OrleansStore.Storage.Databases;

/// <summary>What the appends of one bucket in one flush come to: the last value of everything, and the entries that are left.</summary>
/// <remarks>Appends are merged in the order in which they take effect, so that one statement can write what took many.</remarks>
internal sealed class BucketChange(ReplicaWriter writer)
{
    /// <summary>The writer; a flush never holds two writers of a bucket, because a new one is opened only after what the old one queued is written.</summary>
    public ReplicaWriter Writer => writer;

    /// <summary>The hard state that replaces the stored one; null for none.</summary>
    public HardState? HardState { get; private set; }

    /// <summary>The new compaction point; null where it stays.</summary>
    public EntryId? CompactedTo { get; private set; }

    /// <summary>The new due time; null where it stays.</summary>
    public DueTime? DueTime { get; private set; }

    /// <summary>Entries to write, with consecutive indexes. They replace stored ones of the same index.</summary>
    public List<Entry> Entries { get; } = [];

    /// <summary>The last index of the log afterwards: stored entries above it go.</summary>
    public LogIndex LastIndex { get; private set; }

    /// <summary>The index of the compaction point afterwards: stored entries up to it go.</summary>
    public LogIndex CompactedIndex { get; private set; }

    /// <summary>Whether stored entries may have to go or be replaced; false where entries are only added.</summary>
    public bool MustTrim { get; private set; }

    /// <summary>Whether the snapshots go, too.</summary>
    public bool RemovesBucket { get; private set; }

    /// <summary>Takes the next append in.</summary>
    /// <param name="append">The append. Of its entries the data are kept.</param>
    /// <param name="result">What the rules say of it.</param>
    /// <param name="entries">Its entries, with data that nobody changes.</param>
    public void Merge(in LogAppend append, in AppendRules.CheckedAppend result, ReadOnlySpan<Entry> entries)
    {
        if (append.RemovesBucket)
        {
            (HardState, CompactedTo, DueTime) = (Consensus.HardState.Empty, default(EntryId), Storage.DueTime.None);
            Entries.Clear();
            RemovesBucket = MustTrim = true;
        }

        HardState = append.HardState ?? HardState;
        DueTime = append.DueTime ?? DueTime;
        if (append.InstalledSnapshot is { } installed)
        {
            CompactedTo = installed;
            Entries.Clear();
            MustTrim = true;
        }

        if (!entries.IsEmpty)
        {
            var first = entries[0].Index;
            MustTrim |= first <= result.LastBefore;
            Entries.RemoveAll(entry => entry.Index >= first);
            Entries.AddRange(entries);
        }

        if (append.CompactedTo is { } mark)
        {
            CompactedTo = mark;
            Entries.RemoveAll(entry => entry.Index <= mark.Index);
            MustTrim = true;
        }

        (LastIndex, CompactedIndex) = (result.Last, result.CompactedTo);
    }
}
