using OrleansStore.Buckets.Map;

namespace OrleansStore.Buckets.Records;

/// <summary>Reads records in key order. A reader of a view is valid for good and on any thread; one of a live state ends with the state's next command.</summary>
public readonly struct RecordReader
{
    private const int MaxMapKeyBytes = PackedRecord.NamespaceBytes + StoreLimits.MaxKeyBytes + 1;

    private readonly TreeView<ByKey> _records;

    internal RecordReader(TreeView<ByKey> records) => _records = records;

    /// <summary>How many records there are, in all namespaces.</summary>
    public int Count => _records.Count;

    /// <summary>Finds the record of a key. A record whose expiry has passed is there until a command removes it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="record">The record, if the result is true.</param>
    public bool TryGet(StoreKey key, out PackedRecord record)
    {
        Span<byte> mapKey = stackalloc byte[PackedRecord.NamespaceBytes + key.Bytes.Length];
        PackedRecord.WriteMapKey(mapKey, key.Namespace, key.Bytes.Span);
        var item = _records.Find(mapKey);
        record = item is null ? default : new PackedRecord(item);
        return item is not null;
    }

    /// <summary>Collects a page of records in key order.</summary>
    /// <param name="request">The range and the bounds of the page.</param>
    /// <param name="page">Receives the records, after those that it already holds.</param>
    /// <returns>Where the next page starts, inclusive; null where the range is exhausted.</returns>
    public ReadOnlyMemory<byte>? Scan(ScanRequest request, List<PackedRecord> page)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(page);
        var prefix = request.Prefix.Span;
        var first = request.Start.Span.SequenceCompareTo(prefix) > 0 ? request.Start.Span : prefix;
        Span<byte> start = stackalloc byte[MaxMapKeyBytes];
        start = start[..(PackedRecord.NamespaceBytes + first.Length)];
        PackedRecord.WriteMapKey(start, request.Namespace, first);

        long bytes = 0;
        var count = 0;
        var cursor = _records.Seek(start);
        while (cursor.MoveNext())
        {
            var record = new PackedRecord(cursor.Current);
            var key = record.Key;
            if (record.Namespace != request.Namespace || !key.Span.StartsWith(prefix) || IsAtOrAfter(key.Span, request.End.Span))
            {
                return null;
            }

            bytes += key.Length + record.ContentType.Length + (request.IncludeValues ? record.ValueBytes : 0);
            if (count == request.Limit || (bytes > request.MaxBytes && count > 0))
            {
                return key;
            }

            page.Add(record);
            count++;
        }

        return null;
    }

    private static bool IsAtOrAfter(ReadOnlySpan<byte> key, ReadOnlySpan<byte> end) => !end.IsEmpty && key.SequenceCompareTo(end) >= 0;
}
