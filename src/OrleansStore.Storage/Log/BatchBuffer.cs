using System.Runtime.InteropServices;
using OrleansStore.Consensus;

namespace OrleansStore.Storage.Log;

/// <summary>Collects the records of one batch in their final form. Reused for the life of the log, so that an append allocates nothing once the buffer has grown.</summary>
/// <remarks>Not safe for concurrent use: callers hold the log's lock while it fills, and the loop owns it while it is written.</remarks>
internal sealed class BatchBuffer
{
    private const int InitialBytes = 64 << 10;

    private readonly List<QueuedCompletion> _completions = [];
    private byte[] _bytes = new byte[InitialBytes];
    private int _length = BatchHeader.SizeBytes;

    /// <summary>Bytes of the records.</summary>
    public int PayloadBytes => _length - BatchHeader.SizeBytes;

    public int RecordCount { get; private set; }

    /// <summary>Whether neither a record nor a completion waits.</summary>
    public bool IsEmpty => RecordCount == 0 && _completions.Count == 0;

    public ReadOnlySpan<QueuedCompletion> Completions => CollectionsMarshal.AsSpan(_completions);

    public ReadOnlyMemory<byte> Payload => _bytes.AsMemory(BatchHeader.SizeBytes, PayloadBytes);

    /// <summary>The bytes that an append takes in a batch.</summary>
    public static long SizeOf(in LogAppend append)
    {
        var size = 0L;
        size += append.RemovesBucket ? RecordFormat.HeaderBytes : 0;
        size += append.HardState is null ? 0 : RecordFormat.HeaderBytes + RecordFormat.HardStateBytes;
        size += append.InstalledSnapshot is null ? 0 : RecordFormat.HeaderBytes + RecordFormat.EntryIdBytes;
        size += append.CompactedTo is null ? 0 : RecordFormat.HeaderBytes + RecordFormat.EntryIdBytes;
        size += append.DueTime is null ? 0 : RecordFormat.HeaderBytes + RecordFormat.DueTimeBytes;
        for (var rest = append.Entries.Span; !rest.IsEmpty;)
        {
            rest = rest[RecordFormat.Fit(rest, out var payloadBytes)..];
            size += RecordFormat.HeaderBytes + payloadBytes;
        }

        return size;
    }

    public void Clear()
    {
        _length = BatchHeader.SizeBytes;
        RecordCount = 0;
        _completions.Clear();
    }

    public void AddCompletion(in QueuedCompletion completion) => _completions.Add(completion);

    public void Add(BucketId bucket, in LogAppend append)
    {
        if (append.RemovesBucket)
        {
            AddBucketRemoved(bucket);
        }

        if (append.HardState is { } hardState)
        {
            AddHardState(bucket, hardState);
        }

        if (append.InstalledSnapshot is { } installed)
        {
            AddEntryId(RecordKind.SnapshotInstalled, bucket, installed);
        }

        for (var rest = append.Entries.Span; !rest.IsEmpty;)
        {
            var count = RecordFormat.Fit(rest, out _);
            AddEntries(RecordKind.Entries, bucket, rest[..count]);
            rest = rest[count..];
        }

        if (append.CompactedTo is { } compacted)
        {
            AddEntryId(RecordKind.Compacted, bucket, compacted);
        }

        if (append.DueTime is { } dueTime)
        {
            AddDueTime(bucket, dueTime);
        }
    }

    public void AddHardState(BucketId bucket, in HardState state)
    {
        var record = Reserve(RecordFormat.HardStateBytes);
        RecordFormat.WriteHardState(record[RecordFormat.HeaderBytes..], state);
        RecordFormat.Complete(record, RecordKind.HardState, bucket);
    }

    public void AddEntryId(RecordKind kind, BucketId bucket, EntryId id)
    {
        var record = Reserve(RecordFormat.EntryIdBytes);
        RecordFormat.WriteEntryId(record[RecordFormat.HeaderBytes..], id);
        RecordFormat.Complete(record, kind, bucket);
    }

    public void AddDueTime(BucketId bucket, DueTime time)
    {
        var record = Reserve(RecordFormat.DueTimeBytes);
        RecordFormat.WriteDueTime(record[RecordFormat.HeaderBytes..], time);
        RecordFormat.Complete(record, RecordKind.DueTime, bucket);
    }

    public void AddEntries(RecordKind kind, BucketId bucket, ReadOnlySpan<Entry> entries)
    {
        var payloadBytes = RecordFormat.EntriesHeadBytes;
        foreach (ref readonly var entry in entries)
        {
            payloadBytes += RecordFormat.EntryHeadBytes + entry.Data.Length;
        }

        var record = Reserve(payloadBytes);
        RecordFormat.WriteEntries(record[RecordFormat.HeaderBytes..], entries);
        RecordFormat.Complete(record, kind, bucket);
    }

    /// <summary>Adds header and trailer.</summary>
    /// <returns>The whole batch; valid until the buffer is cleared.</returns>
    public ReadOnlyMemory<byte> Seal(SegmentHeader segment, ulong sequence, long position, ulong firstSegment, BatchKind kind)
    {
        EnsureRoom(BatchHeader.TrailerBytes);
        BatchHeader.Trailer.CopyTo(_bytes.AsSpan(_length));
        var body = _bytes.AsSpan(BatchHeader.SizeBytes, PayloadBytes + BatchHeader.TrailerBytes);
        var header = new BatchHeader(
            segment.Number, sequence, position, position, firstSegment, PayloadBytes, RecordCount, BatchHeader.PayloadChecksumOf(body), kind);
        header.Write(_bytes, segment.Checksum);
        return _bytes.AsMemory(0, checked((int)header.TotalBytes));
    }

    private void AddBucketRemoved(BucketId bucket) => RecordFormat.Complete(Reserve(0), RecordKind.BucketRemoved, bucket);

    private Span<byte> Reserve(int payloadBytes)
    {
        var size = RecordFormat.HeaderBytes + payloadBytes;
        EnsureRoom(size);
        var record = _bytes.AsSpan(_length, size);
        _length += size;
        RecordCount++;
        return record;
    }

    private void EnsureRoom(int size)
    {
        if (_bytes.Length - _length >= size)
        {
            return;
        }

        Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + size));
    }
}
