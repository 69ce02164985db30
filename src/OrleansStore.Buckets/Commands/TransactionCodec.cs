using System.Collections.Immutable;
using System.Text;
using OrleansStore.Buckets.Binary;

namespace OrleansStore.Buckets.Commands;

/// <summary>The bytes of a <see cref="Transaction"/>, in commands and wherever else one is sent. Each transaction has exactly one encoding.</summary>
/// <remarks>
/// <code>
/// little-endian
/// transaction   guard count 1 (0..128) | operation count 1 (0..128) | guards | operations
/// key           namespace 4 | length 2 (1..1,024) | bytes
/// guard         kind 1 | key | RevisionIn, RevisionNotIn: count 1 (1..128), revisions 8 each
///                            | ValueEquals: length 4, bytes
/// put           kind 1 | key | flags 4 | expiry kind 1 | milliseconds 8 unless the expiry is Never
///               | owner kind 1, 0 for none | owner id 16 unless none | content type length 1, bytes | value length 4, bytes
/// delete        kind 1 | key
/// </code>
/// </remarks>
public static class TransactionCodec
{
    private const string Subject = "A transaction";
    private const int KeyOverheadBytes = 6;

    /// <summary>The length of the encoding in bytes.</summary>
    public static int Measure(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var bytes = 2;
        foreach (var guard in transaction.Guards)
        {
            bytes += 1 + KeyOverheadBytes + guard.Key.Bytes.Length + guard.Kind switch
            {
                GuardKind.RevisionIn or GuardKind.RevisionNotIn => 1 + (sizeof(ulong) * guard.Revisions.Length),
                GuardKind.ValueEquals => sizeof(uint) + guard.Value.Length,
                _ => 0,
            };
        }

        foreach (var operation in transaction.Operations)
        {
            bytes += 1 + KeyOverheadBytes + operation.Key.Bytes.Length + (operation.Kind == OperationKind.Put ? MeasurePut(operation) : 0);
        }

        return bytes;
    }

    /// <summary>Encodes a transaction into an array of its own.</summary>
    public static byte[] Encode(Transaction transaction)
    {
        var bytes = new byte[Measure(transaction)];
        Write(transaction, bytes);
        return bytes;
    }

    /// <summary>Writes the encoding.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="destination">Exactly <see cref="Measure"/> bytes.</param>
    public static void Write(Transaction transaction, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var writer = new SpanWriter(destination);
        writer.Write((byte)transaction.Guards.Length);
        writer.Write((byte)transaction.Operations.Length);
        foreach (var guard in transaction.Guards)
        {
            WriteGuard(ref writer, guard);
        }

        foreach (var operation in transaction.Operations)
        {
            WriteOperation(ref writer, operation);
        }

        writer.Finish();
    }

    /// <summary>Decodes a transaction.</summary>
    /// <param name="bytes">The encoding, all of it and nothing more. Keys and values of the result are slices of it: nobody may change it afterwards.</param>
    /// <exception cref="CorruptionException">The bytes are not the encoding of a transaction.</exception>
    /// <exception cref="UnknownCommandException">A guard, operation, expiry or owner is of a kind that this version does not know.</exception>
    public static Transaction Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new SpanReader(bytes.Span, Subject);
            var guardCount = reader.ReadByte("guard count");
            var operationCount = reader.ReadByte("operation count");
            reader.Require(guardCount <= StoreLimits.MaxGuards, "guard count", guardCount);
            reader.Require(operationCount <= StoreLimits.MaxOperations, "operation count", operationCount);
            var guards = ImmutableArray.CreateBuilder<Guard>(guardCount);
            for (var i = 0; i < guardCount; i++)
            {
                guards.Add(ReadGuard(ref reader, bytes));
            }

            var operations = ImmutableArray.CreateBuilder<Operation>(operationCount);
            for (var i = 0; i < operationCount; i++)
            {
                operations.Add(ReadOperation(ref reader, bytes));
            }

            reader.RequireEnd();
            return new Transaction(guards.MoveToImmutable(), operations.MoveToImmutable(), StoreLimits.MaxValueBytes);
        }
        catch (ArgumentException e)
        {
            // The types of a request validate what they are made of; here that is not the caller's mistake but damage.
            throw new CorruptionException($"{Subject} breaks a rule of requests: {e.Message}", e);
        }
    }

    private static int MeasurePut(Operation put) =>
        sizeof(uint) +
        1 + (put.Expiry.Kind == ExpiryKind.Never ? 0 : sizeof(long)) +
        1 + (put.Owner is null ? 0 : 16) +
        1 + put.ContentType.Length +
        sizeof(uint) + put.Value.Length;

    private static void WriteKey(ref SpanWriter writer, StoreKey key)
    {
        writer.Write(key.Namespace.Value);
        writer.Write((ushort)key.Bytes.Length);
        writer.Write(key.Bytes.Span);
    }

    private static void WriteGuard(ref SpanWriter writer, Guard guard)
    {
        writer.Write((byte)guard.Kind);
        WriteKey(ref writer, guard.Key);
        if (guard.Kind is GuardKind.RevisionIn or GuardKind.RevisionNotIn)
        {
            writer.Write((byte)guard.Revisions.Length);
            foreach (var revision in guard.Revisions)
            {
                writer.Write(revision.Value);
            }
        }
        else if (guard.Kind == GuardKind.ValueEquals)
        {
            writer.Write((uint)guard.Value.Length);
            writer.Write(guard.Value.Span);
        }
    }

    private static void WriteOperation(ref SpanWriter writer, Operation operation)
    {
        writer.Write((byte)operation.Kind);
        WriteKey(ref writer, operation.Key);
        if (operation.Kind != OperationKind.Put)
        {
            return;
        }

        writer.Write(operation.Flags);
        writer.Write((byte)operation.Expiry.Kind);
        if (operation.Expiry.Kind != ExpiryKind.Never)
        {
            writer.Write((ulong)operation.Expiry.Milliseconds);
        }

        writer.Write((byte)(operation.Owner?.Kind ?? 0));
        if (operation.Owner is { } owner)
        {
            writer.Write(owner.Id);
        }

        writer.Write((byte)operation.ContentType.Length);
        Encoding.ASCII.GetBytes(operation.ContentType, writer.Next(operation.ContentType.Length));
        writer.Write((uint)operation.Value.Length);
        writer.Write(operation.Value.Span);
    }

    private static StoreKey ReadKey(ref SpanReader reader, ReadOnlyMemory<byte> bytes)
    {
        var namespaceId = new NamespaceId(reader.ReadUInt32("namespace"));
        var length = reader.ReadUInt16("key length");
        return new StoreKey(namespaceId, TakeMemory(ref reader, bytes, length, "key"));
    }

    private static ReadOnlyMemory<byte> TakeMemory(ref SpanReader reader, ReadOnlyMemory<byte> bytes, int count, string field)
    {
        var start = reader.Offset;
        _ = reader.Take(count, field);
        return bytes.Slice(start, count);
    }

    private static ReadOnlyMemory<byte> ReadValue(ref SpanReader reader, ReadOnlyMemory<byte> bytes) =>
        TakeMemory(ref reader, bytes, reader.ReadLength("value length", 0, StoreLimits.MaxValueBytes), "value");

    private static Guard ReadGuard(ref SpanReader reader, ReadOnlyMemory<byte> bytes)
    {
        var kind = (GuardKind)reader.ReadByte("guard kind");
        reader.Require(kind != default, "guard kind", 0);
        if (kind > GuardKind.ValueEquals)
        {
            throw new UnknownCommandException($"Guards of kind {(byte)kind} are not known to this version.");
        }

        var key = ReadKey(ref reader, bytes);
        return kind switch
        {
            GuardKind.Exists => Guard.Exists(key),
            GuardKind.NotExists => Guard.NotExists(key),
            GuardKind.RevisionIn => Guard.RevisionIn(key, ReadRevisions(ref reader)),
            GuardKind.RevisionNotIn => Guard.RevisionNotIn(key, ReadRevisions(ref reader)),
            _ => Guard.ValueEquals(key, ReadValue(ref reader, bytes)),
        };
    }

    private static Revision[] ReadRevisions(ref SpanReader reader)
    {
        var revisions = new Revision[reader.ReadByte("revision count")];
        foreach (ref var revision in revisions.AsSpan())
        {
            revision = new Revision(reader.ReadUInt64("revision"));
        }

        return revisions;
    }

    private static Operation ReadOperation(ref SpanReader reader, ReadOnlyMemory<byte> bytes)
    {
        var kind = (OperationKind)reader.ReadByte("operation kind");
        reader.Require(kind != default, "operation kind", 0);
        if (kind > OperationKind.Delete)
        {
            throw new UnknownCommandException($"Operations of kind {(byte)kind} are not known to this version.");
        }

        var key = ReadKey(ref reader, bytes);
        if (kind == OperationKind.Delete)
        {
            return Operation.Delete(key);
        }

        var flags = reader.ReadUInt32("flags");
        var expiry = ReadExpiry(ref reader);
        var owner = ReadOwner(ref reader);
        var contentType = Encoding.Latin1.GetString(reader.Take(reader.ReadByte("content type length"), "content type"));
        return Operation.Put(key, ReadValue(ref reader, bytes), contentType, expiry, owner, flags);
    }

    private static Expiry ReadExpiry(ref SpanReader reader)
    {
        var kind = (ExpiryKind)reader.ReadByte("expiry kind");
        reader.Require(kind != default, "expiry kind", 0);
        if (kind == ExpiryKind.Never)
        {
            return Expiry.Never;
        }

        if (kind > ExpiryKind.At)
        {
            throw new UnknownCommandException($"Expiries of kind {(byte)kind} are not known to this version.");
        }

        var milliseconds = reader.ReadWallTime("expiry");
        return kind == ExpiryKind.After ? Expiry.After(TimeSpan.FromMilliseconds(milliseconds.UnixMilliseconds)) : Expiry.At(milliseconds);
    }

    private static RecordOwner? ReadOwner(ref SpanReader reader)
    {
        var kind = (RecordOwnerKind)reader.ReadByte("owner kind");
        if (kind == default)
        {
            return null;
        }

        var owner = new RecordOwner(kind, reader.ReadUInt128("owner id"));
        return owner.IsValid ? owner : throw new UnknownCommandException($"Owners of kind {(byte)kind} are not known to this version.");
    }
}
