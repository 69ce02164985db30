using System.Text;
using OrleansStore.Diagnostics;

namespace OrleansStore.Service.Wire;

/// <summary>The bytes of keys, and of records as readers see them.</summary>
/// <remarks>
/// <code>
/// little-endian; v = varint (PayloadHeader)
/// key      namespace v (32 bits) | length v (1..1,024), bytes
/// record   key | options 1: bit 0 the value follows, bit 1 expiry follows, bit 2 owner follows, others 0
///          | create revision v, at least 1 | modify revision v, not less | version v, at least 1 | flags v (32 bits)
///          | content type: length v (0..255), printable ASCII | value length v | [value] | [expiry 8, Unix milliseconds, above 0] | [owner kind 1, id 16]
/// </code>
/// An empty value always "follows"; one that the reader did not ask for does not, and has a length above 0. It is not Buckets' packed form, which sorts but needs the value.
/// </remarks>
internal static class RecordCodec
{
    private const byte WithValue = 1;
    private const byte WithExpiry = 2;
    private const byte WithOwner = 4;

    public static void WriteKey(ref WireWriter writer, StoreKey key)
    {
        Invariant.Check(!key.IsDefault, "a request or record has a key");
        writer.Varint(key.Namespace.Value);
        writer.Counted(key.Bytes.Span);
    }

    public static StoreKey ReadKey(ref WireReader reader)
    {
        var space = ReadNamespace(ref reader);
        return new StoreKey(space, reader.Counted("key", 1, StoreLimits.MaxKeyBytes));
    }

    public static NamespaceId ReadNamespace(ref WireReader reader) => new((uint)reader.Varint("namespace", 0, uint.MaxValue));

    public static void Write(ref WireWriter writer, StoreRecord record)
    {
        var hasValue = record.Value.Length == record.ValueBytes;
        Invariant.Check(hasValue || record.Value.IsEmpty, $"a value of {record.ValueBytes} bytes has {record.Value.Length}");
        Invariant.Check(record.CreateRevision != Revision.None && record.Version != 0, "a record was made by a put");
        WriteKey(ref writer, record.Key);
        writer.Byte((byte)((hasValue ? WithValue : 0) | (record.ExpiresAt is null ? 0 : WithExpiry) | (record.Owner is null ? 0 : WithOwner)));
        writer.Varint(record.CreateRevision.Value);
        writer.Varint(record.ModifyRevision.Value);
        writer.Varint(record.Version);
        writer.Varint(record.Flags);
        writer.Counted(record.ContentType, Encoding.ASCII);
        writer.Varint((uint)record.ValueBytes);
        writer.Bytes(record.Value.Span);
        if (record.ExpiresAt is { } expiry)
        {
            writer.Fixed64((ulong)expiry.UnixMilliseconds);
        }

        if (record.Owner is { } owner)
        {
            writer.Byte((byte)owner.Kind);
            writer.Fixed128(owner.Id);
        }
    }

    public static StoreRecord Read(ref WireReader reader)
    {
        var key = ReadKey(ref reader);
        var options = reader.Options("record options", WithValue | WithExpiry | WithOwner);
        var create = reader.Varint("create revision", 1, ulong.MaxValue);
        var modify = reader.Varint("modify revision", create, ulong.MaxValue);
        var version = reader.Varint("version", 1, ulong.MaxValue);
        var flags = (uint)reader.Varint("flags", 0, uint.MaxValue);
        var contentType = ReadContentType(ref reader);
        var hasValue = (options & WithValue) != 0;
        var valueBytes = reader.Count("value length", hasValue ? 0 : 1, StoreLimits.MaxValueBytes);
        var value = hasValue ? reader.TakeMemory(valueBytes, "value") : default;
        WallTime? expiry = (options & WithExpiry) != 0 ? reader.Time("expiry", allowZero: false) : null;
        return new StoreRecord
        {
            Key = key,
            Value = value,
            ValueBytes = valueBytes,
            ContentType = contentType,
            CreateRevision = new Revision(create),
            ModifyRevision = new Revision(modify),
            Version = version,
            ExpiresAt = expiry,
            Owner = (options & WithOwner) != 0 ? ReadOwner(ref reader) : null,
            Flags = flags,
        };
    }

    private static string ReadContentType(ref WireReader reader)
    {
        var bytes = reader.Take(reader.Count("content type", 0, StoreLimits.MaxContentTypeBytes), "content type");
        reader.Require(!bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~'), "content type", (uint)bytes.Length);
        return Encoding.ASCII.GetString(bytes);
    }

    private static RecordOwner ReadOwner(ref WireReader reader)
    {
        var kind = (RecordOwnerKind)reader.Enum("owner kind", (byte)RecordOwnerKind.Intent);
        return new RecordOwner(kind, reader.Fixed128("owner id"));
    }
}
