using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.Replicas;
using OrleansStore.Diagnostics;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of what a forwarded request asks, at its end.</summary>
/// <remarks>
/// <code>
/// little-endian; v = varint (PayloadHeader)
/// body      request kind 1 | by kind:
/// Write     identity (Buckets' RequestIdCodec) | transaction (Buckets' TransactionCodec); RememberedWrite the same
/// Outcome   identity of a form other than None, answered up to = 0 | first sent: 0, or 1 and 8, Unix milliseconds
/// Read      consistency 1 | key (RecordCodec)
/// Page      consistency 1 | options 1: bit 0 with values, others 0 | namespace v | limit v (1..1,000) | bytes v (1..WireLimits.MaxPageBytes)
///           | prefix: length v, bytes | start: length v, bytes | end: length v, bytes
/// </code>
/// </remarks>
internal static class RequestBodyCodec
{
    private const byte WithValues = 1;

    public static void Write(ref WireWriter writer, BucketRequest request)
    {
        switch (request)
        {
            case WriteRequest write:
                writer.Byte((byte)(write.RemembersRejection ? RequestKind.RememberedWrite : RequestKind.Write));
                WriteIdentity(ref writer, write.Identity);
                if (writer.TryNext(TransactionCodec.Measure(write.Transaction), out var next))
                {
                    TransactionCodec.Write(write.Transaction, next);
                }

                break;
            case OutcomeRequest outcome:
                writer.Byte((byte)RequestKind.Outcome);
                WriteOutcome(ref writer, outcome);
                break;
            case ReadRequest read:
                writer.Byte((byte)RequestKind.Read);
                WriteConsistency(ref writer, read.Consistency);
                RecordCodec.WriteKey(ref writer, read.Key);
                break;
            case PageRequest page:
                writer.Byte((byte)RequestKind.Page);
                WriteScan(ref writer, page.Scan);
                break;
            default:
                throw new ArgumentException($"Requests of type {request.GetType().Name} cannot be forwarded.", nameof(request));
        }
    }

    /// <summary>Reads all that is left of a request.</summary>
    /// <param name="reader">Stands before the request kind.</param>
    /// <param name="memory">What <paramref name="reader"/> reads, from its start; the request keeps it.</param>
    /// <param name="deadline">The request's deadline by the local clock.</param>
    /// <exception cref="ArgumentException">The bytes break a rule of requests.</exception>
    /// <exception cref="UnknownCommandException">A part of a transaction or request id is not known to this version.</exception>
    public static BucketRequest Read(ref WireReader reader, ReadOnlyMemory<byte> memory, MonotonicTime deadline)
    {
        var kind = (RequestKind)reader.Enum("request kind", (byte)RequestKind.RememberedWrite);
        if (kind is RequestKind.Write or RequestKind.RememberedWrite)
        {
            var identity = ReadIdentity(ref reader);
            return new WriteRequest(identity, TransactionCodec.Decode(memory[reader.Offset..]), deadline, kind == RequestKind.RememberedWrite);
        }

        BucketRequest request = kind switch
        {
            RequestKind.Outcome => ReadOutcome(ref reader, deadline),
            RequestKind.Read => ReadRead(ref reader, deadline),
            _ => new PageRequest(ReadScan(ref reader), deadline),
        };
        reader.RequireEnd();
        return request;
    }

    private static void WriteConsistency(ref WireWriter writer, ReadConsistency consistency)
    {
        Invariant.Check(consistency is ReadConsistency.Linearizable or ReadConsistency.Eventual, $"consistency {consistency}");
        writer.Byte((byte)consistency);
    }

    private static ReadConsistency ReadConsistencyOf(ref WireReader reader) => (ReadConsistency)reader.Enum("consistency", (byte)ReadConsistency.Eventual);

    private static void WriteIdentity(ref WireWriter writer, RequestIdentity identity)
    {
        if (writer.TryNext(RequestIdCodec.Measure(identity), out var next))
        {
            RequestIdCodec.Write(identity, next);
        }
    }

    private static RequestIdentity ReadIdentity(ref WireReader reader)
    {
        var identity = RequestIdCodec.Decode(reader.Rest, out var length);
        _ = reader.Take(length, "request id");
        return identity;
    }

    private static void WriteOutcome(ref WireWriter writer, OutcomeRequest outcome)
    {
        if (outcome.RequestId.Form == RequestIdForm.None)
        {
            throw new ArgumentException("A request without identity has no outcome to ask for.", nameof(outcome));
        }

        if (outcome.FirstSent is { IsStorable: false })
        {
            throw new ArgumentException($"The time {outcome.FirstSent} cannot be sent.", nameof(outcome));
        }

        WriteIdentity(ref writer, new RequestIdentity(outcome.RequestId));
        writer.Byte((byte)(outcome.FirstSent is null ? 0 : 1));
        if (outcome.FirstSent is { } firstSent)
        {
            writer.Fixed64((ulong)firstSent.UnixMilliseconds);
        }
    }

    private static OutcomeRequest ReadOutcome(ref WireReader reader, MonotonicTime deadline)
    {
        var identity = ReadIdentity(ref reader);
        reader.Require(identity.Id.Form != RequestIdForm.None, "request id form", (ulong)identity.Id.Form);
        reader.Require(identity.AnsweredUpTo == 0, "answered up to", identity.AnsweredUpTo);
        var hasFirstSent = reader.Options("first sent", 1) == 1;
        return new OutcomeRequest(identity.Id, hasFirstSent ? reader.Time("first sent", allowZero: true) : null, deadline);
    }

    private static ReadRequest ReadRead(ref WireReader reader, MonotonicTime deadline)
    {
        var consistency = ReadConsistencyOf(ref reader);
        return new ReadRequest(RecordCodec.ReadKey(ref reader), consistency, deadline);
    }

    private static void WriteScan(ref WireWriter writer, ScanRequest scan)
    {
        WriteConsistency(ref writer, scan.Consistency);
        writer.Byte(scan.IncludeValues ? WithValues : (byte)0);
        writer.Varint(scan.Namespace.Value);
        writer.Varint((uint)scan.Limit);
        writer.Varint((uint)Math.Min(scan.MaxBytes, WireLimits.MaxPageBytes));
        writer.Counted(scan.Prefix.Span);
        writer.Counted(scan.Start.Span);
        writer.Counted(scan.End.Span);
    }

    private static ScanRequest ReadScan(ref WireReader reader)
    {
        var consistency = ReadConsistencyOf(ref reader);
        var includeValues = reader.Options("page options", WithValues) == WithValues;
        var space = RecordCodec.ReadNamespace(ref reader);
        var limit = reader.Count("limit", 1, ScanRequest.MaxLimit);
        var maxBytes = reader.Count("page bytes", 1, WireLimits.MaxPageBytes);
        var prefix = reader.Counted("prefix", 0, StoreLimits.MaxKeyBytes);
        var start = reader.Counted("start", 0, StoreLimits.MaxKeyBytes + 1);
        var end = reader.Counted("end", 0, StoreLimits.MaxKeyBytes + 1);
        return new ScanRequest(space, prefix, start, end, limit, maxBytes, includeValues, consistency);
    }
}
