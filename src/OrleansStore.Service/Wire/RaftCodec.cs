using System.Buffers;
using OrleansStore.Consensus;
using OrleansStore.Consensus.Messages;
using OrleansStore.Diagnostics;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of a <see cref="RaftMessage"/> between two replicas of a bucket.</summary>
/// <remarks>
/// <code>
/// little-endian; v = varint (PayloadHeader)
/// size
///   18  header, kind 1
///    1  type, RaftMessageType
///    2  fields that follow
///    8  from
///    8  to
///    v  term
///       the fields whose bits are set, in the order of the bits; none is 0 or empty
///         bit 0  index v              bit 5  context v
///         bit 1  log term v           bit 6  is transfer, no bytes
///         bit 2  commit v             bit 7  sent at 8, the sender's own clock
///         bit 3  reject, no bytes     bit 8  entries (EntriesCodec)
///         bit 4  reject hint v        bit 9  snapshot metadata (SnapshotMetadataCodec); its handle means nothing elsewhere and stays behind
/// </code>
/// A heartbeat has about 50 bytes, and neither writing nor reading it allocates.
/// </remarks>
public static class RaftCodec
{
    [Flags]
    private enum Fields : ushort
    {
        Index = 1 << 0,
        LogTerm = 1 << 1,
        Commit = 1 << 2,
        Reject = 1 << 3,
        RejectHint = 1 << 4,
        Context = 1 << 5,
        Transfer = 1 << 6,
        SentAt = 1 << 7,
        Entries = 1 << 8,
        Snapshot = 1 << 9,
        All = (1 << 10) - 1,
    }

    /// <summary>Encodes a message. It goes on the connection that <see cref="LinkChoice"/> names for its type.</summary>
    /// <param name="bucket">The bucket whose group the message belongs to.</param>
    /// <param name="epoch">The sender's topology epoch; not <see cref="Epoch.None"/>.</param>
    /// <param name="message">A message as consensus gives it, to another replica.</param>
    /// <param name="output">Receives the payload; nothing else is allocated.</param>
    /// <returns>False, and nothing is written, if the message is longer than a payload can be or has more than <see cref="WireLimits.MaxEntries"/>: only where
    /// <see cref="WireLimits.MaxTransactionBytes"/> or <see cref="WireLimits.MaxAppendBytes"/> were not kept to.</returns>
    /// <exception cref="InvariantViolationException">The message breaks a rule of its type, which every recipient would refuse.</exception>
    public static bool TryEncode(BucketId bucket, Epoch epoch, in RaftMessage message, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var mistake = RaftMessageRules.FindMistake(message);
        Invariant.Check(mistake is null, $"{message.Type} from {message.From} to {message.To}: {mistake}");
        if (message.Entries.Length > WireLimits.MaxEntries)
        {
            return false;
        }

        var header = new PayloadHeader(WireKind.Raft, bucket, epoch);
        var counter = default(WireWriter);
        Write(ref counter, header, message);
        if (!counter.TryReserve(output, out var writer))
        {
            return false;
        }

        Write(ref writer, header, message);
        writer.Commit(output);
        return true;
    }

    /// <summary>Decodes a message; bucket and epoch are in <see cref="PayloadHeader.Read(ReadOnlySpan{byte})"/>.</summary>
    /// <param name="payload">A payload of kind <see cref="WireKind.Raft"/>; not kept. The data of all entries are slices of one copy of the entries' part of it.</param>
    /// <exception cref="CorruptionException">The bytes are not the encoding of a message.</exception>
    /// <exception cref="UnknownPayloadException">Kind, format version, message type or an entry's type are not known to this version.</exception>
    public static RaftMessage Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        _ = PayloadHeader.Read(ref reader, WireKind.Raft);
        var type = (RaftMessageType)reader.Enum("message type", (byte)RaftMessageType.HibernateResponse);
        var bits = reader.Byte("fields") | (reader.Byte("fields") << 8);
        reader.Require((bits & ~(int)Fields.All) == 0, "fields", (ulong)bits);
        var fields = (Fields)bits;
        var message = new RaftMessage
        {
            Type = type,
            From = new ReplicaId(reader.Fixed64("sender")),
            To = new ReplicaId(reader.Fixed64("recipient")),
            Term = new Term(reader.Varint("term")),
            Index = new LogIndex(Read(ref reader, fields, Fields.Index, "index")),
            LogTerm = new Term(Read(ref reader, fields, Fields.LogTerm, "log term")),
            Commit = new LogIndex(Read(ref reader, fields, Fields.Commit, "commit")),
            Reject = Has(fields, Fields.Reject),
            RejectHint = new LogIndex(Read(ref reader, fields, Fields.RejectHint, "reject hint")),
            Context = Read(ref reader, fields, Fields.Context, "context"),
            IsTransfer = Has(fields, Fields.Transfer),
            SentAt = ReadSentAt(ref reader, fields),
        };
        message = ReadContent(ref reader, fields, message);
        return RaftMessageRules.FindMistake(message) is { } mistake
            ? throw new CorruptionException($"A {type} message from {message.From} to {message.To} breaks a rule: {mistake}")
            : message;
    }

    private static void Write(ref WireWriter writer, PayloadHeader header, in RaftMessage message)
    {
        var fields = FieldsOf(message);
        header.Write(ref writer);
        writer.Byte((byte)message.Type);
        writer.Byte((byte)fields);
        writer.Byte((byte)((int)fields >> 8));
        writer.Fixed64(message.From.Value);
        writer.Fixed64(message.To.Value);
        writer.Varint(message.Term.Value);
        Write(ref writer, message.Index.Value);
        Write(ref writer, message.LogTerm.Value);
        Write(ref writer, message.Commit.Value);
        Write(ref writer, message.RejectHint.Value);
        Write(ref writer, message.Context);
        if (message.SentAt != MonotonicTime.Zero)
        {
            writer.Fixed64((ulong)message.SentAt.Ticks);
        }

        if (!message.Entries.IsEmpty)
        {
            EntriesCodec.Write(ref writer, message);
        }

        if (message.Snapshot is { } snapshot)
        {
            SnapshotMetadataCodec.Write(ref writer, snapshot.Metadata);
        }
    }

    private static Fields FieldsOf(in RaftMessage message) =>
        (message.Index == LogIndex.None ? 0 : Fields.Index) |
        (message.LogTerm == Term.None ? 0 : Fields.LogTerm) |
        (message.Commit == LogIndex.None ? 0 : Fields.Commit) |
        (message.Reject ? Fields.Reject : 0) |
        (message.RejectHint == LogIndex.None ? 0 : Fields.RejectHint) |
        (message.Context == 0 ? 0 : Fields.Context) |
        (message.IsTransfer ? Fields.Transfer : 0) |
        (message.SentAt == MonotonicTime.Zero ? 0 : Fields.SentAt) |
        (message.Entries.IsEmpty ? 0 : Fields.Entries) |
        (message.Snapshot is null ? 0 : Fields.Snapshot);

    private static bool Has(Fields fields, Fields field) => (fields & field) != 0;

    private static void Write(ref WireWriter writer, ulong value)
    {
        if (value != 0)
        {
            writer.Varint(value);
        }
    }

    private static ulong Read(ref WireReader reader, Fields fields, Fields field, string name) =>
        Has(fields, field) ? reader.Varint(name, 1, ulong.MaxValue) : 0;

    private static MonotonicTime ReadSentAt(ref WireReader reader, Fields fields)
    {
        if (!Has(fields, Fields.SentAt))
        {
            return MonotonicTime.Zero;
        }

        var ticks = reader.Fixed64("sent at");
        reader.Require(ticks != 0, "sent at", ticks);
        return new MonotonicTime((long)ticks);
    }

    private static RaftMessage ReadContent(ref WireReader reader, Fields fields, in RaftMessage message)
    {
        if (!Has(fields, Fields.Entries))
        {
            var snapshot = Has(fields, Fields.Snapshot) ? new RaftSnapshot(SnapshotMetadataCodec.Read(ref reader)) : null;
            reader.RequireEnd();
            return message with { Snapshot = snapshot };
        }

        // No message has entries and a snapshot, so the entries are all the rest: the one copy, which they stay slices of.
        var mayHaveEntries = message.Type is RaftMessageType.Append or RaftMessageType.Propose;
        reader.Require(mayHaveEntries && !Has(fields, Fields.Snapshot), "fields", (ulong)fields);
        return message with { Entries = EntriesCodec.Decode(reader.Rest.ToArray(), message) };
    }
}
