using System.Buffers;
using System.Diagnostics;
using OrleansStore.Buckets.Commands;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of a <see cref="ForwardedRequest"/>.</summary>
/// <remarks>
/// <code>
/// little-endian; v = varint (PayloadHeader)
/// request   header 18, kind 2 | correlation id v | time left v, milliseconds, 0..600,000
///           | options 1: bit 0 trace context follows, bit 1 destination follows, others 0
///           | principal (CallerCodec) | [trace (CallerCodec)] | [destination v, 1..65,535] | body (RequestBodyCodec)
/// </code>
/// </remarks>
public static class ForwardedRequestCodec
{
    private const byte WithTrace = 1;
    private const byte WithDestination = 2;

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
            var options = reader.Options("request options", WithTrace | WithDestination);
            var principal = CallerCodec.ReadPrincipal(ref reader);
            ActivityContext? trace = (options & WithTrace) != 0 ? CallerCodec.ReadTrace(ref reader) : null;
            var destination = (options & WithDestination) != 0 ? (ushort)reader.Varint("destination", 1, ushort.MaxValue) : (ushort)0;
            var request = RequestBodyCodec.Read(ref reader, memory, now + TimeSpan.FromMilliseconds((long)milliseconds));
            return new ForwardedRequest(header.Bucket, header.Epoch, correlationId, request, principal) { Trace = trace, Destination = new DatacenterId(destination) };
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
        writer.Byte((byte)((trace is null ? 0 : WithTrace) | (request.Destination == DatacenterId.None ? 0 : WithDestination)));
        CallerCodec.Write(ref writer, request.Principal);
        if (trace is { } valid)
        {
            CallerCodec.Write(ref writer, valid);
        }

        if (request.Destination != DatacenterId.None)
        {
            writer.Varint(request.Destination.Value);
        }

        RequestBodyCodec.Write(ref writer, request.Request);
    }

    private static ulong RemainingMilliseconds(MonotonicTime deadline, MonotonicTime now)
    {
        // Unsigned, because "never" less a reading before the clock's origin exceeds 63 bits.
        var ticks = deadline <= now ? 0 : unchecked((ulong)(deadline.Ticks - now.Ticks));
        return Math.Min(ticks, (ulong)WireLimits.MaxRemainingTime.Ticks) / TimeSpan.TicksPerMillisecond;
    }
}
