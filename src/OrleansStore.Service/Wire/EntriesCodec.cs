using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of the entries of a message, at its end.</summary>
/// <remarks>
/// <code>
/// v = varint (PayloadHeader)
/// entries   count v (1..WireLimits.MaxEntries) | entry each
/// entry     type 1 | in an append: term v, less that of the entry before, of the first less the message's log term | length v | data
/// </code>
/// Indexes do not travel: an append's entries follow its index one by one, and proposals have none yet. So a gap or a falling term cannot be written down.
/// </remarks>
internal static class EntriesCodec
{
    public static void Write(ref WireWriter writer, in RaftMessage message)
    {
        writer.Varint((uint)message.Entries.Length);
        var previous = message.LogTerm;
        foreach (ref readonly var entry in message.Entries.Span)
        {
            writer.Byte((byte)entry.Type);
            if (message.Type == RaftMessageType.Append)
            {
                writer.Varint(entry.Term.Value - previous.Value);
                previous = entry.Term;
            }

            writer.Counted(entry.Data.Span);
        }
    }

    /// <summary>Decodes the entries of a message.</summary>
    /// <param name="bytes">All of the message from the count on; the entries keep it.</param>
    /// <param name="message">The message without its entries.</param>
    public static Entry[] Decode(ReadOnlyMemory<byte> bytes, in RaftMessage message)
    {
        var reader = new WireReader(bytes);
        var count = reader.Count("entry count", 1, WireLimits.MaxEntries);

        // The shortest entry has two bytes; a count that promises more than there is must not cost an array.
        reader.Require(count <= reader.Remaining / 2, "entry count", (uint)count);
        var isAppend = message.Type == RaftMessageType.Append;
        reader.Require(!isAppend || message.Index.Value <= ulong.MaxValue - (uint)count, "index", message.Index.Value);
        var entries = new Entry[count];
        var id = isAppend ? new EntryId(message.LogTerm, message.Index) : default;
        for (var i = 0; i < count; i++)
        {
            var type = (EntryType)reader.Enum("entry type", (byte)EntryType.ConfigChange);
            if (isAppend)
            {
                var step = reader.Varint("entry term", 0, ulong.MaxValue - id.Term.Value);
                id = new EntryId(new Term(id.Term.Value + step), id.Index.Next);
            }

            entries[i] = new Entry(id.Term, id.Index, type, reader.Counted("entry data", 0, WireLimits.MaxPayloadBytes));
        }

        reader.RequireEnd();
        return entries;
    }
}
