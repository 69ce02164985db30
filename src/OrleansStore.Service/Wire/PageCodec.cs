using System.Collections.Immutable;
using OrleansStore.Diagnostics;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of a page of a scan.</summary>
/// <remarks>
/// <code>
/// little-endian; v = varint (PayloadHeader)
/// page   status 1 | revision v | applied index v | advice (ResultCodec) | Found: count v (0..1,000), records (RecordCodec) | length of next v (0 for none, ..1,025), bytes
/// </code>
/// Records are of one namespace and in key order, and next comes after the last: a page that broke this would make a scan skip or repeat keys.
/// </remarks>
internal static class PageCodec
{
    public static void Write(ref WireWriter writer, ScanPage page)
    {
        var isServed = page.Status == ReadStatus.Found;
        Invariant.Check(page.Status is >= ReadStatus.Found and <= ReadStatus.Throttled, $"page status {page.Status}");
        Invariant.Check(isServed || (page.Records.IsEmpty && page.Next is null), $"{page.Status} with {page.Records.Length} records");
        Invariant.Check(page.Records.Length <= ScanRequest.MaxLimit, $"a page with {page.Records.Length} records");
        Invariant.Check(page.Next is not { IsEmpty: true }, "nothing starts at the empty key");
        writer.Byte((byte)page.Status);
        writer.Varint(page.Revision.Value);
        writer.Varint(page.AppliedIndex.Value);
        ResultCodec.WriteAdvice(ref writer, page.RetryAfter);
        if (!isServed)
        {
            return;
        }

        StoreRecord? previous = null;
        writer.Varint((uint)page.Records.Length);
        foreach (var record in page.Records)
        {
            Invariant.Check(Follows(record.Key, previous), "the records of a page are of one namespace and in key order");
            RecordCodec.Write(ref writer, record);
            previous = record;
        }

        Invariant.Check(IsNext(page.Next, previous), "the next page starts after this one");
        writer.Counted(page.Next is { } next ? next.Span : default);
    }

    public static ScanPage Read(ref WireReader reader)
    {
        var status = (ReadStatus)reader.Enum("page status", (byte)ReadStatus.Throttled);
        var revision = new Revision(reader.Varint("revision"));
        var applied = new LogIndex(reader.Varint("applied index"));
        var advice = ResultCodec.ReadAdvice(ref reader);
        if (status != ReadStatus.Found)
        {
            return new ScanPage(status, [], null, revision, applied) { RetryAfter = advice };
        }

        var records = ReadRecords(ref reader);
        var bytes = reader.Counted("next", 0, StoreLimits.MaxKeyBytes + 1);

        // Without the type, null would become the empty memory: it converts to an array, and that to a memory.
        var next = bytes.IsEmpty ? default(ReadOnlyMemory<byte>?) : bytes;
        reader.Require(IsNext(next, records.IsEmpty ? null : records[^1]), "next", (uint)bytes.Length);
        return new ScanPage(status, records, next, revision, applied) { RetryAfter = advice };
    }

    private static ImmutableArray<StoreRecord> ReadRecords(ref WireReader reader)
    {
        var count = reader.Count("record count", 0, ScanRequest.MaxLimit);
        var records = ImmutableArray.CreateBuilder<StoreRecord>(count);
        for (var i = 0; i < count; i++)
        {
            var record = RecordCodec.Read(ref reader);
            reader.Require(Follows(record.Key, i == 0 ? null : records[i - 1]), "order of records", (uint)i);
            records.Add(record);
        }

        return records.MoveToImmutable();
    }

    private static bool Follows(StoreKey key, StoreRecord? previous) =>
        previous is null || (key.Namespace == previous.Key.Namespace && key > previous.Key);

    private static bool IsNext(ReadOnlyMemory<byte>? next, StoreRecord? last) =>
        next is not { } start || last is null || start.Span.SequenceCompareTo(last.Key.Bytes.Span) > 0;
}
