using OrleansStore.Diagnostics;

namespace OrleansStore.Consensus.Log;

/// <summary>What leaves the log, for storage, followers and the state machine, and what comes back from there.</summary>
internal sealed partial class RaftLog
{
    /// <summary>Whether storage has something left to write or is still writing.</summary>
    public bool HasUndurable => Durable < LastIndex;

    public bool HasEntriesToPersist => HandedOut < LastIndex;

    /// <summary>The entries that storage was not given yet.</summary>
    public ReadOnlyMemory<Entry> EntriesToPersist => Slice(HandedOut.Next, LastIndex);

    /// <summary>The snapshot that storage was not given yet; null where there is none.</summary>
    public RaftSnapshot? SnapshotToPersist => _isSnapshotHandedOut ? null : InstallingSnapshot;

    /// <summary>Notes that storage was given everything.</summary>
    public void MarkHandedOut()
    {
        HandedOut = LastIndex;
        _isSnapshotHandedOut = InstallingSnapshot is not null;
    }

    /// <summary>Notes that the log is durable up to an entry, if the log still holds that entry.</summary>
    public void MarkDurable(EntryId id)
    {
        // An overwritten entry was made durable in vain: what replaced it was not.
        if (id.Index > Durable && id.Index <= LastIndex && Contains(id))
        {
            Durable = id.Index;
            HandedOut = HandedOut > Durable ? HandedOut : Durable;
        }
    }

    /// <summary>Notes that a snapshot is durable.</summary>
    /// <returns>Whether it is the one being installed.</returns>
    public bool MarkSnapshotDurable(LogIndex index)
    {
        if (InstallingSnapshot?.Metadata.Index != index)
        {
            return false;
        }

        InstallingSnapshot = null;
        _isSnapshotHandedOut = false;
        return true;
    }

    /// <summary>Whether there are committed entries for the state machine.</summary>
    /// <param name="allowUndurable">Whether entries may be given to it that are not durable here: they are on a majority, and the caller writes before it applies.</param>
    public bool HasEntriesToApply(bool allowUndurable) =>
        !_isApplyingPaused && InstallingSnapshot is null && Applying < MaxAppliable(allowUndurable);

    /// <summary>The next committed entries for the state machine, within the bound on bytes.</summary>
    public ReadOnlyMemory<Entry> EntriesToApply(bool allowUndurable) => HasEntriesToApply(allowUndurable)
        ? Limit(Slice(Applying.Next, MaxAppliable(allowUndurable)), _maxApplyingBytes - _applyingBytes)
        : default;

    /// <summary>Notes that the state machine was given entries up to <paramref name="last"/>.</summary>
    public void MarkApplying(LogIndex last, long bytes, bool allowUndurable)
    {
        Invariant.Check(last <= Commit, $"applying {last} beyond commit {Commit}");
        Applying = last;
        _applyingBytes += bytes;

        // Entries that were left out did not fit; they wait until something was applied.
        _isApplyingPaused = _applyingBytes >= _maxApplyingBytes || last < MaxAppliable(allowUndurable);
    }

    /// <summary>Notes that the state machine has applied entries up to <paramref name="index"/>.</summary>
    public void MarkApplied(LogIndex index, long bytes)
    {
        Invariant.Check(index <= Commit, $"applied {index} beyond commit {Commit}");
        Invariant.Check(index >= Applied, $"applied moves back from {Applied} to {index}");
        Applied = index;
        Applying = Applying > index ? Applying : index;
        _applyingBytes = Math.Max(0, _applyingBytes - bytes);
        _isApplyingPaused = _applyingBytes >= _maxApplyingBytes;
    }

    /// <summary>Returns entries from <paramref name="first"/> on, at least one where there is one, otherwise at most <paramref name="maxBytes"/>.</summary>
    /// <param name="first">At or after <see cref="FirstIndex"/>.</param>
    /// <param name="maxBytes">The bound.</param>
    public ReadOnlyMemory<Entry> EntriesFrom(LogIndex first, long maxBytes) =>
        first > LastIndex ? default : Limit(Slice(first, LastIndex), maxBytes);

    /// <summary>Returns the entries from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    public ReadOnlyMemory<Entry> Slice(LogIndex first, LogIndex last)
    {
        if (first > last)
        {
            return default;
        }

        Invariant.Check(first > Prev.Index && last <= LastIndex, $"slice [{first}, {last}] of a log with [{FirstIndex}, {LastIndex}]");
        return _entries.Slice((int)(first - FirstIndex), (int)(last - first) + 1);
    }

    private static ReadOnlyMemory<Entry> Limit(ReadOnlyMemory<Entry> entries, long maxBytes)
    {
        var bytes = 0L;
        var span = entries.Span;
        for (var i = 0; i < span.Length; i++)
        {
            bytes += span[i].SizeBytes;
            if (bytes > maxBytes && i > 0)
            {
                return entries[..i];
            }
        }

        return entries;
    }

    private LogIndex MaxAppliable(bool allowUndurable) => allowUndurable ? Commit : Min(Commit, Durable);
}
