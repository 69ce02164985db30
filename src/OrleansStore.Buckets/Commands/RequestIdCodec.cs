using System.Text;
using OrleansStore.Buckets.Binary;

namespace OrleansStore.Buckets.Commands;

/// <summary>The bytes of a <see cref="RequestIdentity"/>, in commands and wherever else one is sent. Each identity has exactly one encoding.</summary>
/// <remarks>
/// <code>
/// little-endian
/// identity   form 1 | Session: session id 16, sequence 8, answered up to 8
///                   | Opaque: length 1 (1..64), printable ASCII
/// </code>
/// </remarks>
public static class RequestIdCodec
{
    private const string Subject = "A request id";

    /// <summary>The length of the encoding in bytes.</summary>
    public static int Measure(RequestIdentity identity) => identity.Id.Form switch
    {
        RequestIdForm.Session => 1 + 16 + sizeof(ulong) + sizeof(ulong),
        RequestIdForm.Opaque => 1 + 1 + identity.Id.Key!.Length,
        _ => 1,
    };

    /// <summary>Writes the encoding.</summary>
    /// <param name="identity">The identity.</param>
    /// <param name="destination">Exactly <see cref="Measure"/> bytes.</param>
    public static void Write(RequestIdentity identity, Span<byte> destination)
    {
        var writer = new SpanWriter(destination);
        Write(ref writer, identity);
        writer.Finish();
    }

    /// <summary>Decodes the identity that some bytes start with.</summary>
    /// <param name="bytes">The encoding and what follows it; not kept.</param>
    /// <param name="length">The length of the encoding.</param>
    /// <exception cref="CorruptionException">The bytes do not start with the encoding of an identity.</exception>
    /// <exception cref="UnknownCommandException">The id is of a form that this version does not know.</exception>
    public static RequestIdentity Decode(ReadOnlySpan<byte> bytes, out int length)
    {
        var reader = new SpanReader(bytes, Subject);
        try
        {
            var identity = Read(ref reader);
            length = reader.Offset;
            return identity;
        }
        catch (ArgumentException e)
        {
            // Request ids validate what they are made of; here that is not the caller's mistake but damage.
            throw new CorruptionException($"{Subject} breaks a rule of request ids: {e.Message}", e);
        }
    }

    internal static void Write(ref SpanWriter writer, RequestIdentity identity)
    {
        writer.Write((byte)identity.Id.Form);
        if (identity.Id.Form == RequestIdForm.Session)
        {
            writer.Write(identity.Id.Session.Value);
            writer.Write(identity.Id.Sequence);
            writer.Write(identity.AnsweredUpTo);
        }
        else if (identity.Id.Form == RequestIdForm.Opaque)
        {
            writer.Write((byte)identity.Id.Key!.Length);
            Encoding.ASCII.GetBytes(identity.Id.Key, writer.Next(identity.Id.Key.Length));
        }
    }

    /// <exception cref="ArgumentException">The bytes break a rule of request ids.</exception>
    internal static RequestIdentity Read(ref SpanReader reader)
    {
        var form = (RequestIdForm)reader.ReadByte("request id form");
        switch (form)
        {
            case RequestIdForm.None:
                return default;
            case RequestIdForm.Session:
                var id = RequestId.ForSession(new SessionId(reader.ReadUInt128("session id")), reader.ReadUInt64("sequence"));
                return new RequestIdentity(id, reader.ReadUInt64("answered up to"));
            case RequestIdForm.Opaque:
                return new RequestIdentity(RequestId.ForKey(Encoding.Latin1.GetString(reader.Take(reader.ReadByte("key length"), "idempotency key"))));
            default:
                reader.Require(form != default, "request id form", 0);
                throw new UnknownCommandException($"Request ids of form {(byte)form} are not known to this version.");
        }
    }
}
