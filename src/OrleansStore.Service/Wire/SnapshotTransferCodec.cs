using System.Buffers;
using OrleansStore.Diagnostics;
using OrleansStore.Storage;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of <see cref="SnapshotOffer"/>, <see cref="SnapshotChunk"/> and <see cref="SnapshotProgress"/>. Offers and chunks go on the bulk connection, where
/// each offer stays before its chunks; progress goes on the control connection.</summary>
/// <remarks>
/// <code>
/// little-endian; v = varint (PayloadHeader)
/// offer      header 18, kind 4 | transfer id 8 | from 8, not 0 | to 8, not 0 | term v, at least that of the snapshot | sent at 8 | revision v
///            | size v (1..2^63 - 1) | metadata (SnapshotMetadataCodec)
/// chunk      header 18, kind 5 | transfer id 8 | offset v | length v (1..65,536), bytes; offset and length add up to 2^63 - 1 at most
/// progress   header 18, kind 6 | transfer id 8 | next offset v (0..2^63 - 1) | status 1
/// </code>
/// Bytes of a chunk are covered by the checksum of the link's frame only on the way; the receiver verifies the whole by the snapshot's own.
/// </remarks>
public static class SnapshotTransferCodec
{
    /// <summary>Encodes an offer.</summary>
    /// <param name="offer">The offer.</param>
    /// <param name="output">Receives the payload.</param>
    /// <exception cref="InvariantViolationException">A member is outside of the range that <see cref="SnapshotOffer"/> gives for it.</exception>
    public static void Encode(SnapshotOffer offer, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(offer);
        ArgumentNullException.ThrowIfNull(output);
        var counter = default(WireWriter);
        Write(ref counter, offer);
        var fits = counter.TryReserve(output, out var writer);
        Invariant.Check(fits, $"an offer has {counter.Length} bytes");
        Write(ref writer, offer);
        writer.Commit(output);
    }

    /// <summary>Encodes a chunk; allocates nothing.</summary>
    /// <param name="chunk">The chunk; its bytes are copied.</param>
    /// <param name="output">Receives the payload.</param>
    /// <exception cref="InvariantViolationException">A member is outside of the range that <see cref="SnapshotChunk"/> gives for it.</exception>
    public static void Encode(in SnapshotChunk chunk, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var counter = default(WireWriter);
        Write(ref counter, chunk);
        var fits = counter.TryReserve(output, out var writer);
        Invariant.Check(fits, $"a chunk has {counter.Length} bytes");
        Write(ref writer, chunk);
        writer.Commit(output);
    }

    /// <summary>Encodes a progress message; allocates nothing.</summary>
    /// <param name="progress">The message.</param>
    /// <param name="output">Receives the payload.</param>
    /// <exception cref="InvariantViolationException">A member is outside of the range that <see cref="SnapshotProgress"/> gives for it.</exception>
    public static void Encode(in SnapshotProgress progress, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var counter = default(WireWriter);
        Write(ref counter, progress);
        var fits = counter.TryReserve(output, out var writer);
        Invariant.Check(fits, $"a progress message has {counter.Length} bytes");
        Write(ref writer, progress);
        writer.Commit(output);
    }

    /// <summary>Decodes an offer.</summary>
    /// <param name="payload">A payload of kind <see cref="WireKind.SnapshotOffer"/>; not kept.</param>
    /// <exception cref="CorruptionException">The bytes are not the encoding of an offer.</exception>
    /// <exception cref="UnknownPayloadException">Kind or format version are not known to this version.</exception>
    public static SnapshotOffer DecodeOffer(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        var header = PayloadHeader.Read(ref reader, WireKind.SnapshotOffer);
        var transferId = reader.Fixed64("transfer id");
        var from = ReadReplica(ref reader, "sender");
        var to = ReadReplica(ref reader, "recipient");
        var term = new Term(reader.Varint("term"));
        var sentAt = new MonotonicTime((long)reader.Fixed64("sent at"));
        var revision = new Revision(reader.Varint("revision"));
        var size = (long)reader.Varint("size", 1, long.MaxValue);
        var metadata = SnapshotMetadataCodec.Read(ref reader);
        reader.Require(term >= metadata.Term, "snapshot term", metadata.Term.Value);
        reader.RequireEnd();
        return new SnapshotOffer(header.Epoch, transferId, new SnapshotDescriptor(header.Bucket, revision, metadata, size), from, to, term, sentAt);
    }

    /// <summary>Decodes a chunk.</summary>
    /// <param name="payload">A payload of kind <see cref="WireKind.SnapshotChunk"/>; not kept: the chunk has a copy of its bytes.</param>
    /// <exception cref="CorruptionException">The bytes are not the encoding of a chunk.</exception>
    /// <exception cref="UnknownPayloadException">Kind or format version are not known to this version.</exception>
    public static SnapshotChunk DecodeChunk(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        var header = PayloadHeader.Read(ref reader, WireKind.SnapshotChunk);
        var transferId = reader.Fixed64("transfer id");
        var offset = (long)reader.Varint("offset", 0, long.MaxValue);
        var length = reader.Count("chunk", 1, ISnapshotReceiver.MaxChunkBytes);
        reader.Require(offset <= long.MaxValue - length, "offset", (ulong)offset);
        var bytes = reader.Take(length, "chunk");
        reader.RequireEnd();
        return new SnapshotChunk(header.Bucket, header.Epoch, transferId, offset, bytes.ToArray());
    }

    /// <summary>Decodes a progress message.</summary>
    /// <param name="payload">A payload of kind <see cref="WireKind.SnapshotProgress"/>; not kept.</param>
    /// <exception cref="CorruptionException">The bytes are not the encoding of a progress message.</exception>
    /// <exception cref="UnknownPayloadException">Kind, format version or status are not known to this version.</exception>
    public static SnapshotProgress DecodeProgress(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload);
        var header = PayloadHeader.Read(ref reader, WireKind.SnapshotProgress);
        var transferId = reader.Fixed64("transfer id");
        var nextOffset = (long)reader.Varint("next offset", 0, long.MaxValue);
        var status = (SnapshotTransferStatus)reader.Enum("transfer status", (byte)SnapshotTransferStatus.Failed);
        reader.RequireEnd();
        return new SnapshotProgress(header.Bucket, header.Epoch, transferId, nextOffset, status);
    }

    private static void Write(ref WireWriter writer, SnapshotOffer offer)
    {
        Invariant.Check(offer.From != ReplicaId.None && offer.To != ReplicaId.None, "an offer goes from replica to replica");
        Invariant.Check(offer.Term >= offer.Snapshot.Metadata.Term, $"term {offer.Term} with a snapshot of {offer.Snapshot.Metadata.LastEntry}");
        Invariant.Check(offer.Snapshot.SizeBytes > 0, $"a snapshot of {offer.Snapshot.SizeBytes} bytes");
        new PayloadHeader(WireKind.SnapshotOffer, offer.Snapshot.Bucket, offer.Epoch).Write(ref writer);
        writer.Fixed64(offer.TransferId);
        writer.Fixed64(offer.From.Value);
        writer.Fixed64(offer.To.Value);
        writer.Varint(offer.Term.Value);
        writer.Fixed64((ulong)offer.SentAt.Ticks);
        writer.Varint(offer.Snapshot.Revision.Value);
        writer.Varint((ulong)offer.Snapshot.SizeBytes);
        SnapshotMetadataCodec.Write(ref writer, offer.Snapshot.Metadata);
    }

    private static void Write(ref WireWriter writer, in SnapshotChunk chunk)
    {
        var length = chunk.Bytes.Length;
        Invariant.Check(length is > 0 and <= ISnapshotReceiver.MaxChunkBytes, $"a chunk of {length} bytes");
        Invariant.Check(chunk.Offset >= 0 && chunk.Offset <= long.MaxValue - length, $"a chunk at {chunk.Offset}");
        new PayloadHeader(WireKind.SnapshotChunk, chunk.Bucket, chunk.Epoch).Write(ref writer);
        writer.Fixed64(chunk.TransferId);
        writer.Varint((ulong)chunk.Offset);
        writer.Counted(chunk.Bytes.Span);
    }

    private static void Write(ref WireWriter writer, in SnapshotProgress progress)
    {
        Invariant.Check(progress.NextOffset >= 0, $"next offset {progress.NextOffset}");
        Invariant.Check(
            progress.Status is >= SnapshotTransferStatus.Accepted and <= SnapshotTransferStatus.Failed, $"transfer status {progress.Status}");
        new PayloadHeader(WireKind.SnapshotProgress, progress.Bucket, progress.Epoch).Write(ref writer);
        writer.Fixed64(progress.TransferId);
        writer.Varint((ulong)progress.NextOffset);
        writer.Byte((byte)progress.Status);
    }

    private static ReplicaId ReadReplica(ref WireReader reader, string field)
    {
        var id = new ReplicaId(reader.Fixed64(field));
        reader.Require(id != ReplicaId.None, field, id.Value);
        return id;
    }
}
