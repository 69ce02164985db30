using System.Buffers;
using System.Diagnostics;
using OrleansStore.Buckets.Commands;
using OrleansStore.Buckets.Replicas;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of a <see cref="ForwardedRequest"/>.</summary>
/// <remarks>
/// <code>
/// little-endian; v = varint (PayloadHeader)
/// request   header 18, kind 2 | correlation id v | time left v, milliseconds, 0..600,000
///           | options 1: bit 0 trace context follows, others 0 | principal (CallerCodec) | [trace (CallerCodec)] | request kind 1 | body
/// Write     identity (Buckets' RequestIdCodec) | transaction (Buckets' TransactionCodec), to the end
/// Outcome   identity of a form other than None, answered up to = 0 | first sent: 0, or 1 and 8, Unix milliseconds
/// Read      consistency 1 | namespace v | length v (1..1,024), key
/// Page      consistency 1 | options 1: bit 0 with values, others 0 | namespace v | limit v (1..1,000) | bytes v (1..WireLimits.MaxPageBytes)
///           | prefix: length v, bytes | start: length v, bytes | end: length v, bytes
/// </code>
/// </remarks>
public static class ForwardedRequestCodec
{
    private const byte WithTrace = 1;
    private const byte WithValues = 1;

    /// <summary>Encodes a request. It goes on the connection that <see cref="LinkChoice"/> names for its length.</summary>
    /// <param name="request">The request. A page's bound is lowered to <see cref="WireLimits.MaxPageBytes"/>.</param>
    /// <param name="now">The local time; what is left until the request's deadline is cut to whole milliseconds and to [0, <see cref="WireLimits.MaxRemainingTime"/>].</param>
    /// <param name="output">Receives the payload.</param>
    /// <returns>False, and nothing is written, if it is longer than a payload can be: a transaction beyond <see cref="WireLimits.MaxTransactionBytes"/>.</returns>
    /// <exception cref="ArgumentException">Name or authentication type of the principal are longer than <see cref="WireLimits"/> says or no valid text, or an outcome is asked
    /// for a request without identity. Nothing is written.</exception>
    public static bool TryEncode(ForwardedRequest request, MonotonicTime now, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(output);
        var counter = default(WireWriter);
        Write(ref counter, request, now);
        if (!counter.TryReserve(output, out var writer))
        {
            return false;
        }

        Write(ref writer, request, now);
        writer.Commit(output);
        return true;
    }

    /// <summary>Decodes a request.</summary>
    /// <param name="payload">A payload of kind <see cref="WireKind.Request"/>; not kept. Keys and values of the result are slices of one copy of it.</param>
    /// <param name="now">The local time, from which the request's deadline is counted.</param>
    /// <exception cref="CorruptionException">The bytes are not the encoding of a request.</exception>
    /// <exception cref="UnknownPayloadException">Kind, format version, or a kind within the request are not known to this version.</exception>
    public static ForwardedRequest Decode(ReadOnlySpan<byte> payload, MonotonicTime now)
    {
        try
        {
            var memory = new ReadOnlyMemory<byte>(payload.ToArray());
            var reader = new WireReader(memory);
            var header = PayloadHeader.Read(ref reader, WireKind.Request);
            var correlationId = reader.Varint("correlation id");
            var milliseconds = reader.Varint("time left", 0, (ulong)WireLimits.MaxRemainingTime.TotalMilliseconds);
            var options = reader.Options("request options", WithTrace);
            var principal = CallerCodec.ReadPrincipal(ref reader);
            ActivityContext? trace = options == WithTrace ? CallerCodec.ReadTrace(ref reader) : null;
            var request = ReadBody(ref reader, memory, now + TimeSpan.FromMilliseconds((long)milliseconds));
            return new ForwardedRequest(header.Bucket, header.Epoch, correlationId, request, principal) { Trace = trace };
        }
        catch (ArgumentException e)
        {
            // The types of a request validate what they are made of; here that is not the caller's mistake but damage.
            throw new CorruptionException($"A forwarded request breaks a rule of requests: {e.Message}", e);
        }
        catch (UnknownCommandException e)
        {
            throw new UnknownPayloadException($"A forwarded request is not known to this version: {e.Message}", e);
        }
    }

    private static void Write(ref WireWriter writer, ForwardedRequest request, MonotonicTime now)
    {
        var trace = request.Trace is { } context && CallerCodec.IsValid(context) ? request.Trace : null;
        new PayloadHeader(WireKind.Request, request.Bucket, request.Epoch).Write(ref writer);
        writer.Varint(request.CorrelationId);
        writer.Varint(RemainingMilliseconds(request.Request.Deadline, now));
        writer.Byte(trace is null ? (byte)0 : WithTrace);
        CallerCodec.Write(ref writer, request.Principal);
        if (trace is { } valid)
        {
            CallerCodec.Write(ref writer, valid);
        }

        WriteBody(ref writer, request.Request);
    }

    private static ulong RemainingMilliseconds(MonotonicTime deadline, MonotonicTime now)
    {
        // Unsigned, because "never" less a reading before the clock's origin exceeds 63 bits.
        var ticks = deadline <= now ? 0 : unchecked((ulong)(deadline.Ticks - now.Ticks));
        return Math.Min(ticks, (ulong)WireLimits.MaxRemainingTime.Ticks) / TimeSpan.TicksPerMillisecond;
    }

    private static void WriteBody(ref WireWriter writer, BucketRequest request)
    {
        switch (request)
        {
            case WriteRequest write:
                writer.Byte((byte)RequestKind.Write);
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
                writer.Byte((byte)read.Consistency);
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

    private static BucketRequest ReadBody(ref WireReader reader, ReadOnlyMemory<byte> memory, MonotonicTime deadline)
    {
        var kind = (RequestKind)reader.Enum("request kind", (byte)RequestKind.Page);
        if (kind == RequestKind.Write)
        {
            var identity = ReadIdentity(ref reader);
            return new WriteRequest(identity, TransactionCodec.Decode(memory[reader.Offset..]), deadline);
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
        var consistency = (ReadConsistency)reader.Enum("consistency", (byte)ReadConsistency.Eventual);
        return new ReadRequest(RecordCodec.ReadKey(ref reader), consistency, deadline);
    }

    private static void WriteScan(ref WireWriter writer, ScanRequest scan)
    {
        writer.Byte((byte)scan.Consistency);
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
        var consistency = (ReadConsistency)reader.Enum("consistency", (byte)ReadConsistency.Eventual);
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
