using OrleansStore.Consensus;
using OrleansStore.Diagnostics;

namespace OrleansStore.Storage.Log;

/// <summary>What the log holds of one bucket: its small state, and where its entries stand. The same code follows the log while it is written and while it is replayed.</summary>
/// <remarks>Guarded by the log's lock.</remarks>
internal sealed class BucketLog(BucketId bucket)
{
    // Invariant: each segment here counts one live record per field that names it; null where the value is the empty one.
    private SegmentFile? _hardStateSegment;
    private SegmentFile? _compactedSegment;
    private SegmentFile? _dueSegment;

    public BucketId Bucket => bucket;

    public HardState HardState { get; private set; }

    public EntryId CompactedTo { get; private set; }

    public DueTime DueTime { get; private set; }

    public RunList Runs { get; } = new();

    public LogIndex LastIndex => Runs.Count > 0 ? Runs[Runs.Count - 1].Last : CompactedTo.Index;

    public bool IsEmpty => _hardStateSegment is null && _compactedSegment is null && _dueSegment is null && Runs.Count == 0;

    public BucketSummary Summary => new(bucket, HardState, CompactedTo, LastIndex, DueTime);

    /// <summary>Applies one record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="segment">Where it stands.</param>
    /// <param name="offset">Its place in the segment.</param>
    /// <param name="isReplay">Whether the log is being replayed: then what a record builds on may be gone, and is checked at the end instead.</param>
    public void Apply(in RecordView record, SegmentFile segment, long offset, bool isReplay)
    {
        switch (record.Kind)
        {
            case RecordKind.HardState:
                HardState = RecordFormat.ReadHardState(record.Payload);
                Move(ref _hardStateSegment, HardState == HardState.Empty ? null : segment);
                break;
            case RecordKind.Entries:
            case RecordKind.EntriesCopied:
                ApplyEntries(record, segment, offset, isReplay);
                break;
            case RecordKind.Compacted:
                CompactedTo = RecordFormat.ReadEntryId(record.Payload);
                Runs.CompactTo(CompactedTo.Index);
                Move(ref _compactedSegment, segment);
                break;
            case RecordKind.SnapshotInstalled:
                CompactedTo = RecordFormat.ReadEntryId(record.Payload);
                Runs.Clear();
                Move(ref _compactedSegment, segment);
                break;
            case RecordKind.BucketRemoved:
                Forget();
                break;
            case RecordKind.DueTime:
                DueTime = RecordFormat.ReadDueTime(record.Payload);
                Move(ref _dueSegment, DueTime == DueTime.None ? null : segment);
                break;
            default:
                Invariant.Fail($"A record of kind {record.Kind} passed the checks.");
                break;
        }
    }

    /// <summary>Whether recovery or reading needs anything of a segment for this bucket.</summary>
    public bool Needs(SegmentFile segment)
    {
        if (_hardStateSegment == segment || _compactedSegment == segment || _dueSegment == segment)
        {
            return true;
        }

        for (var i = 0; i < Runs.Count; i++)
        {
            if (Runs[i].Segment == segment)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the small state that stands in a segment once more. An installed snapshot is copied as a compaction point, which says the same of the log it left.</summary>
    public void CopySmallState(SegmentFile segment, BatchBuffer target)
    {
        if (_hardStateSegment == segment)
        {
            target.AddHardState(bucket, HardState);
        }

        if (_compactedSegment == segment)
        {
            target.AddEntryId(RecordKind.Compacted, bucket, CompactedTo);
        }

        if (_dueSegment == segment)
        {
            target.AddDueTime(bucket, DueTime);
        }
    }

    /// <summary>The first index at which the log has a gap after its compaction point; none where it is whole.</summary>
    public LogIndex FirstGap()
    {
        var expected = CompactedTo.Index.Next;
        for (var i = 0; i < Runs.Count; i++)
        {
            if (Runs[i].First != expected)
            {
                return expected;
            }

            expected = Runs[i].Last.Next;
        }

        return LogIndex.None;
    }

    private static void Move(ref SegmentFile? place, SegmentFile? segment)
    {
        // One size for all three kinds is near enough: the sum only decides when copying forward pays.
        const int RecordBytes = RecordFormat.HeaderBytes + RecordFormat.HardStateBytes;
        segment?.AddLive(RecordBytes);
        place?.RemoveLive(RecordBytes);
        place = segment;
    }

    private void ApplyEntries(in RecordView record, SegmentFile segment, long offset, bool isReplay)
    {
        var (first, count) = RecordFormat.ReadEntriesHead(record.Payload);
        var run = new Run(first, first + (ulong)(count - 1), segment, offset, record.TotalBytes);
        if (run.Last <= CompactedTo.Index)
        {
            Invariant.Check(isReplay, $"bucket {bucket}: entries up to {run.Last} lie below the compaction point {CompactedTo}");
            return;
        }

        if (record.Kind == RecordKind.EntriesCopied)
        {
            Runs.Replace(run);
        }
        else
        {
            Invariant.Check(isReplay || first <= LastIndex.Next, $"bucket {bucket}: entries from {first} on leave a gap after {LastIndex}");
            Runs.Overwrite(run);
        }

        Runs.CompactTo(CompactedTo.Index);
    }

    private void Forget()
    {
        HardState = HardState.Empty;
        CompactedTo = default;
        DueTime = DueTime.None;
        Runs.Clear();
        Move(ref _hardStateSegment, null);
        Move(ref _compactedSegment, null);
        Move(ref _dueSegment, null);
    }
}
