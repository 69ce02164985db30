using OrleansStore.Consensus;
using OrleansStore.Diagnostics;
using OrleansStore.Storage.Log;
using OrleansStore.Storage.Snapshots;

namespace OrleansStore.Storage.Folders;

/// <summary>The writer of one replica on the shared log. Checks every append against what was appended before, so that a bad one stops this bucket and not the log.</summary>
internal sealed class FileReplicaLog(WriteAheadLog log, FileSnapshotStore snapshots, StorageOptions options, BucketId bucket, WriterEpoch writer)
    : IReplicaLog, ILogWriter
{
    // Invariant: first and last index as of the last append that was queued, durable or not.
    private LogIndex _compactedTo;
    private LogIndex _last;
    private volatile bool _isClosed;

    public BucketId Bucket => bucket;

    public WriterEpoch Writer => writer;

    public bool IsOpen => !_isClosed;

    public void Start(LogState state)
    {
        _compactedTo = state.CompactedTo.Index;
        _last = state.LastIndex;
    }

    public AppendStatus TryAppend(in LogAppend append, ulong token)
    {
        var size = BatchBuffer.SizeOf(append);
        if (size == 0 || size > options.MaxBatchBytes)
        {
            throw new ArgumentException($"An append of {size} bytes; it must have 1 to {options.MaxBatchBytes}.", nameof(append));
        }

        if (append.RemovesBucket && size > RecordFormat.HeaderBytes)
        {
            throw new ArgumentException("An append that removes the bucket must do nothing else.", nameof(append));
        }

        var (compactedTo, last) = Check(append);
        var status = log.TryAppend(this, append, token, size);
        if (status == AppendStatus.Queued)
        {
            (_compactedTo, _last) = (compactedTo, last);
        }

        return status;
    }

    public ValueTask<IReadOnlyList<Entry>> ReadEntriesAsync(LogIndex first, LogIndex end, long maxBytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(first, LogIndex.None);
        return log.Failure is { } failure ? throw failure : log.ReadEntriesAsync(bucket, first, end, maxBytes, cancellationToken);
    }

    public void Close() => _isClosed = true;

    /// <summary>Follows the parts of an append in the order in which they take effect.</summary>
    private (LogIndex CompactedTo, LogIndex Last) Check(in LogAppend append)
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
}
