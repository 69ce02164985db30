using System.Diagnostics;
using System.Security.Claims;
using System.Security.Principal;
using System.Text;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of who asks, and in which trace.</summary>
/// <remarks>
/// <code>
/// v = varint (PayloadHeader)
/// principal   name: length v (0..1,024, 0 for none), UTF-8 | authentication type: length v (0..256, 0 for none), UTF-8
/// trace       trace id 16, as in traceparent | parent id 8, as in traceparent | trace flags 1; neither id is 0
/// </code>
/// </remarks>
internal static class CallerCodec
{
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;

    // Strict in both directions, so that a name is exactly what the authentication gave.
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">Name or authentication type are too long, or no valid text.</exception>
    public static void Write(ref WireWriter writer, ClaimsPrincipal principal)
    {
        Write(ref writer, principal.Identity?.Name, WireLimits.MaxPrincipalNameBytes, nameof(IIdentity.Name));
        Write(ref writer, principal.Identity?.AuthenticationType, WireLimits.MaxAuthenticationTypeBytes, nameof(IIdentity.AuthenticationType));
    }

    public static ClaimsPrincipal ReadPrincipal(ref WireReader reader)
    {
        var name = ReadText(ref reader, "principal", WireLimits.MaxPrincipalNameBytes);
        var authenticationType = ReadText(ref reader, "authentication type", WireLimits.MaxAuthenticationTypeBytes);
        return new ClaimsPrincipal(new ClaimsIdentity(name is null ? [] : [new Claim(ClaimsIdentity.DefaultNameClaimType, name)], authenticationType));
    }

    public static void Write(ref WireWriter writer, ActivityContext trace)
    {
        if (writer.TryNext(TraceIdBytes + SpanIdBytes + 1, out var next))
        {
            trace.TraceId.CopyTo(next[..TraceIdBytes]);
            trace.SpanId.CopyTo(next.Slice(TraceIdBytes, SpanIdBytes));
            next[^1] = (byte)trace.TraceFlags;
        }
    }

    public static ActivityContext ReadTrace(ref WireReader reader)
    {
        var traceId = reader.Take(TraceIdBytes, "trace id");
        reader.Require(traceId.ContainsAnyExcept((byte)0), "trace id", 0);
        var spanId = reader.Take(SpanIdBytes, "span id");
        reader.Require(spanId.ContainsAnyExcept((byte)0), "span id", 0);
        var flags = (ActivityTraceFlags)reader.Byte("trace flags");
        return new ActivityContext(ActivityTraceId.CreateFromBytes(traceId), ActivitySpanId.CreateFromBytes(spanId), flags, traceState: null, isRemote: true);
    }

    /// <summary>Whether both ids are set: what is not a trace context is left out.</summary>
    public static bool IsValid(ActivityContext trace)
    {
        // An id of zeros does not equal the default id, so the bytes are looked at.
        Span<byte> ids = stackalloc byte[TraceIdBytes + SpanIdBytes];
        trace.TraceId.CopyTo(ids[..TraceIdBytes]);
        trace.SpanId.CopyTo(ids[TraceIdBytes..]);
        return ids[..TraceIdBytes].ContainsAnyExcept((byte)0) && ids[TraceIdBytes..].ContainsAnyExcept((byte)0);
    }

    private static void Write(ref WireWriter writer, string? text, int maxBytes, string field)
    {
        var bytes = text is null ? 0 : Utf8.GetByteCount(text);
        if (bytes > maxBytes)
        {
            throw new ArgumentException($"The {field} of a principal has {bytes} bytes; at most {maxBytes} can be sent to another datacenter.");
        }

        writer.Counted(text, Utf8);
    }

    private static string? ReadText(ref WireReader reader, string field, int maxBytes)
    {
        var bytes = reader.Take(reader.Count(field, 0, maxBytes), field);
        return bytes.IsEmpty ? null : Utf8.GetString(bytes);
    }
}
