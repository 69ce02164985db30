using System.Buffers.Binary;
using OrleansStore.Storage.Checksums;

namespace OrleansStore.Storage.Log;

/// <summary>One record of a batch, checked; its payload is a slice of the batch's buffer.</summary>
internal readonly ref struct RecordView
{
    private RecordView(RecordKind kind, BucketId bucket, ReadOnlySpan<byte> payload)
    {
        Kind = kind;
        Bucket = bucket;
        Payload = payload;
    }

    public RecordKind Kind { get; }

    public BucketId Bucket { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public int TotalBytes => RecordFormat.HeaderBytes + Payload.Length;

    /// <summary>Reads the record at the start of a span.</summary>
    /// <param name="source">The record and what follows it.</param>
    /// <param name="verify">Whether to compute the checksum; false only for bytes this process has just written.</param>
    /// <param name="record">The record, if the result is true.</param>
    public static bool TryRead(ReadOnlySpan<byte> source, bool verify, out RecordView record)
    {
        record = default;
        if (source.Length < RecordFormat.HeaderBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(source[4..]);
        if (length < 0 || length > source.Length - RecordFormat.HeaderBytes)
        {
            return false;
        }

        var end = RecordFormat.HeaderBytes + length;
        if (verify && Crc32C.Compute(source[4..end]) != BinaryPrimitives.ReadUInt32LittleEndian(source))
        {
            return false;
        }

        var kind = (RecordKind)source[8];
        var payload = source[RecordFormat.HeaderBytes..end];
        if (!BucketId.TryUnpack(BinaryPrimitives.ReadUInt64LittleEndian(source[12..]), out var bucket) || !HasKnownShape(kind, payload))
        {
            return false;
        }

        record = new RecordView(kind, bucket, payload);
        return true;
    }

    private static bool HasKnownShape(RecordKind kind, ReadOnlySpan<byte> payload) => kind switch
    {
        RecordKind.HardState => payload.Length == RecordFormat.HardStateBytes,
        RecordKind.Entries or RecordKind.EntriesCopied => HasEntries(payload),
        RecordKind.Compacted or RecordKind.SnapshotInstalled => payload.Length == RecordFormat.EntryIdBytes,
        RecordKind.BucketRemoved => payload.IsEmpty,
        RecordKind.DueTime => payload.Length == RecordFormat.DueTimeBytes,
        _ => false,
    };

    private static bool HasEntries(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < RecordFormat.EntriesHeadBytes)
        {
            return false;
        }

        var (first, count) = RecordFormat.ReadEntriesHead(payload);
        return first.Value > 0 && count > 0 && first.Value <= ulong.MaxValue - (ulong)count;
    }
}
