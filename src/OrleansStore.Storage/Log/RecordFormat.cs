using System.Buffers.Binary;
using OrleansStore.Consensus;
using OrleansStore.Storage.Checksums;

namespace OrleansStore.Storage.Log;

/// <summary>The bytes of one record.</summary>
/// <remarks>
/// Little-endian. A record has a checksum of its own beside its batch's, because entries are read one record at a time long after recovery.
/// <code>
/// offset   0   4 bytes  CRC32C of bytes [4, 20 + length)
///          4   4        payload length
///          8   1        kind (RecordKind)
///          9   3        reserved, 0
///         12   8        bucket (BucketId.Packed)
///         20   n        payload
///
/// HardState            term 8, vote 8, commit 8
/// Compacted            term 8, index 8
/// SnapshotInstalled    term 8, index 8
/// BucketRemoved        nothing
/// DueTime              UTC ticks 8
/// Entries,             first index 8, count 4, reserved 4, then count times:
/// EntriesCopied          term 8, type 1, reserved 3, length 4, data
/// </code>
/// </remarks>
internal static class RecordFormat
{
    public const int HeaderBytes = 20;
    public const int HardStateBytes = 24;
    public const int EntryIdBytes = 16;
    public const int DueTimeBytes = 8;
    public const int EntriesHeadBytes = 16;
    public const int EntryHeadBytes = 16;

    /// <summary>Entries are split over records of about this size, so that reading a few of them reads little else.</summary>
    public const int MaxEntriesPayloadBytes = 256 << 10;

    /// <summary>Writes the record's header around a payload that already stands in place.</summary>
    public static void Complete(Span<byte> record, RecordKind kind, BucketId bucket)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record[4..], record.Length - HeaderBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], (byte)kind);
        BinaryPrimitives.WriteUInt64LittleEndian(record[12..], bucket.Packed);
        BinaryPrimitives.WriteUInt32LittleEndian(record, Crc32C.Compute(record[4..]));
    }

    public static void WriteHardState(Span<byte> payload, in HardState state)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(payload, state.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], state.Vote.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[16..], state.Commit.Value);
    }

    public static HardState ReadHardState(ReadOnlySpan<byte> payload) => new(
        new Term(BinaryPrimitives.ReadUInt64LittleEndian(payload)),
        new ReplicaId(BinaryPrimitives.ReadUInt64LittleEndian(payload[8..])),
        new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(payload[16..])));

    public static void WriteEntryId(Span<byte> payload, EntryId id)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(payload, id.Term.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], id.Index.Value);
    }

    public static EntryId ReadEntryId(ReadOnlySpan<byte> payload) => new(
        new Term(BinaryPrimitives.ReadUInt64LittleEndian(payload)),
        new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(payload[8..])));

    public static void WriteDueTime(Span<byte> payload, DueTime time) => BinaryPrimitives.WriteInt64LittleEndian(payload, time.UtcTicks);

    public static DueTime ReadDueTime(ReadOnlySpan<byte> payload) => new(BinaryPrimitives.ReadInt64LittleEndian(payload));

    /// <summary>How many of these entries go into the next record, and how long its payload is. At least one goes in, whatever its size.</summary>
    public static int Fit(ReadOnlySpan<Entry> entries, out int payloadBytes)
    {
        payloadBytes = EntriesHeadBytes + EntryHeadBytes + entries[0].Data.Length;
        var count = 1;
        while (count < entries.Length && payloadBytes + EntryHeadBytes + entries[count].Data.Length <= MaxEntriesPayloadBytes)
        {
            payloadBytes += EntryHeadBytes + entries[count].Data.Length;
            count++;
        }

        return count;
    }

    public static void WriteEntries(Span<byte> payload, ReadOnlySpan<Entry> entries)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(payload, entries[0].Index.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], (uint)entries.Length);
        payload = payload[EntriesHeadBytes..];
        foreach (ref readonly var entry in entries)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(payload, entry.Term.Value);
            BinaryPrimitives.WriteUInt32LittleEndian(payload[8..], (byte)entry.Type);
            BinaryPrimitives.WriteInt32LittleEndian(payload[12..], entry.Data.Length);
            entry.Data.Span.CopyTo(payload[EntryHeadBytes..]);
            payload = payload[(EntryHeadBytes + entry.Data.Length)..];
        }
    }

    public static (LogIndex First, int Count) ReadEntriesHead(ReadOnlySpan<byte> payload) => (
        new LogIndex(BinaryPrimitives.ReadUInt64LittleEndian(payload)),
        BinaryPrimitives.ReadInt32LittleEndian(payload[8..]));

    /// <summary>Adds the entries of a verified record whose indexes lie in [first, last] to a list. Their data are slices of <paramref name="payload"/>.</summary>
    /// <returns>False where the payload is not a sequence of entries.</returns>
    public static bool TryReadEntries(ReadOnlyMemory<byte> payload, LogIndex first, LogIndex last, List<Entry> target)
    {
        if (payload.Length < EntriesHeadBytes)
        {
            return false;
        }

        var (index, count) = ReadEntriesHead(payload.Span);
        var rest = payload[EntriesHeadBytes..];
        for (var i = 0; i < count; i++, index = index.Next)
        {
            if (rest.Length < EntryHeadBytes)
            {
                return false;
            }

            var head = rest.Span;
            var length = BinaryPrimitives.ReadInt32LittleEndian(head[12..]);
            var type = (EntryType)head[8];
            if (length < 0 || length > rest.Length - EntryHeadBytes || type is < EntryType.Normal or > EntryType.ConfigChange)
            {
                return false;
            }

            if (index >= first && index <= last)
            {
                var term = new Term(BinaryPrimitives.ReadUInt64LittleEndian(head));
                target.Add(new Entry(term, index, type, rest.Slice(EntryHeadBytes, length)));
            }

            rest = rest[(EntryHeadBytes + length)..];
        }

        return rest.IsEmpty;
    }
}
