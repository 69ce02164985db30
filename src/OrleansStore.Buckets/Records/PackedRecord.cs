using System.Buffers.Binary;
using System.Text;
using OrleansStore.Buckets.Binary;

namespace OrleansStore.Buckets.Records;

/// <summary>A record, or the tombstone that a change event carries for a removed one, as one byte array: the form in which it is kept, indexed, snapshotted and sent.</summary>
/// <remarks>
/// <para>The bytes are never changed. A record costs one object, and a snapshot copies it as it stands.</para>
/// <code>
/// offset  size  field (little-endian unless noted)
///      0     8  create revision; 0 in a tombstone
///      8     8  modify revision, at least 1; of a tombstone the revision that removed the record
///     16     8  version, from 1; 0 in a tombstone
///     24     4  flags of the put
///     28     1  options: bit 0 expiry present, bit 1 owner present, others 0
///     29     1  content type length c, 0 to 255
///     30     2  key length k, 1 to 1,024
///     32    17  owner, if present: kind, 16 bytes id
///      .     8  expiry, if present: Unix milliseconds, big-endian so that expiry, namespace and key are one ordered byte string
///      .     4  namespace, big-endian so that namespace and key are one ordered byte string
///      .     k  key
///      .     c  content type, printable ASCII
///      .     *  value: all the rest
/// </code>
/// </remarks>
public readonly struct PackedRecord : IEquatable<PackedRecord>
{
    /// <summary>The most bytes a packed record can have.</summary>
    public const int MaxBytes = HeaderBytes + OwnerBytes + ExpiryBytes + NamespaceBytes + StoreLimits.MaxKeyBytes + StoreLimits.MaxContentTypeBytes + StoreLimits.MaxValueBytes;

    internal const int ExpiryBytes = 8;
    internal const int NamespaceBytes = 4;
    private const int HeaderBytes = 32;
    private const int OwnerBytes = 17;
    private const byte ExpiryOption = 1;
    private const byte OwnerOption = 2;
    private const int ModifyOffset = 8;
    private const int VersionOffset = 16;
    private const int FlagsOffset = 24;
    private const int OptionsOffset = 28;
    private const int ContentTypeLengthOffset = 29;
    private const int KeyLengthOffset = 30;

    private readonly byte[] _bytes;

    internal PackedRecord(byte[] bytes) => _bytes = bytes;

    /// <summary>The packed form. It belongs to the record and is never changed.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The revision that made the record; <see cref="Revision.None"/> in a tombstone.</summary>
    public Revision CreateRevision => new(BinaryPrimitives.ReadUInt64LittleEndian(_bytes));

    /// <summary>The revision that last changed the record: its ETag; of a tombstone the revision that removed it.</summary>
    public Revision ModifyRevision => new(BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(ModifyOffset)));

    /// <summary>How often the record was put since it was made, from 1; 0 in a tombstone.</summary>
    public ulong Version => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(VersionOffset));

    /// <summary>Whether this stands for a record that was removed.</summary>
    public bool IsTombstone => Version == 0;

    /// <summary>Bits that the put gave.</summary>
    public uint Flags => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(FlagsOffset));

    /// <summary>The namespace.</summary>
    public NamespaceId Namespace => new(BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(NamespaceOffset(_bytes))));

    /// <summary>The key without its namespace; valid as long as the record.</summary>
    public ReadOnlyMemory<byte> Key => _bytes.AsMemory(NamespaceOffset(_bytes) + NamespaceBytes, KeyLength(_bytes));

    /// <summary>The value; valid as long as the record.</summary>
    public ReadOnlyMemory<byte> Value => _bytes.AsMemory(ValueOffset);

    /// <summary>The length of the value in bytes.</summary>
    public int ValueBytes => _bytes.Length - ValueOffset;

    /// <summary>The content type as ASCII; empty for none.</summary>
    public ReadOnlySpan<byte> ContentType => _bytes.AsSpan(ContentTypeOffset, _bytes[ContentTypeLengthOffset]);

    /// <summary>When the record ends; null if it does not end by itself.</summary>
    public WallTime? ExpiresAt => HasExpiry(_bytes)
        ? new WallTime(BinaryPrimitives.ReadInt64BigEndian(_bytes.AsSpan(NamespaceOffset(_bytes) - ExpiryBytes)))
        : null;

    /// <summary>The lease or intent it belongs to; null for none.</summary>
    public RecordOwner? Owner => HasOwner(_bytes)
        ? new RecordOwner((RecordOwnerKind)_bytes[HeaderBytes], BinaryPrimitives.ReadUInt128LittleEndian(_bytes.AsSpan(HeaderBytes + 1)))
        : null;

    /// <summary>Whether the value can be used; false for the default value of the struct.</summary>
    public bool IsValid => _bytes is not null;

    internal byte[] Item => _bytes;

    private int ContentTypeOffset => NamespaceOffset(_bytes) + NamespaceBytes + KeyLength(_bytes);

    private int ValueOffset => ContentTypeOffset + _bytes[ContentTypeLengthOffset];

    /// <summary>Reads the packed form.</summary>
    /// <param name="bytes">The bytes; they belong to the record from here on.</param>
    /// <exception cref="CorruptionException">The bytes are not what a packed record can be.</exception>
    public static PackedRecord Parse(byte[] bytes)
    {
        var reader = new SpanReader(bytes, "A record");
        var create = reader.ReadUInt64("create revision");
        var modify = reader.ReadUInt64("modify revision");
        var version = reader.ReadUInt64("version");
        _ = reader.ReadUInt32("flags");
        var options = reader.ReadByte("options");
        reader.Require((options & ~(ExpiryOption | OwnerOption)) == 0, "options", options);
        var contentTypeLength = reader.ReadByte("content type length");
        var keyLength = reader.ReadUInt16("key length");
        reader.Require(keyLength is > 0 and <= StoreLimits.MaxKeyBytes, "key length", keyLength);
        ParseOptional(ref reader, options);
        _ = reader.Take(NamespaceBytes + keyLength, "key");
        var contentType = reader.Take(contentTypeLength, "content type");
        reader.Require(!contentType.ContainsAnyExceptInRange((byte)' ', (byte)'~'), "content type", contentTypeLength);
        reader.Require(reader.Remaining <= StoreLimits.MaxValueBytes, "value length", reader.Remaining);

        // A tombstone holds a key and the revision that removed it, nothing else.
        var isTombstone = version == 0;
        reader.Require(isTombstone == (create == 0), "create revision", (long)create);
        reader.Require(modify >= Math.Max(create, 1), "modify revision", (long)modify);
        reader.Require(!isTombstone || (options == 0 && contentTypeLength == 0 && reader.Remaining == 0), "tombstone", bytes.Length);
        return new PackedRecord(bytes);
    }

    /// <summary>Copies the record into the form that readers get.</summary>
    /// <param name="includeValue">Whether the value is included; it is not copied.</param>
    public StoreRecord ToRecord(bool includeValue = true) => new()
    {
        Key = new StoreKey(Namespace, Key),
        Value = includeValue ? Value : default,
        ValueBytes = ValueBytes,
        ContentType = Encoding.ASCII.GetString(ContentType),
        CreateRevision = CreateRevision,
        ModifyRevision = ModifyRevision,
        Version = Version,
        ExpiresAt = ExpiresAt,
        Owner = Owner,
        Flags = Flags,
    };

    /// <summary>Whether both have the same bytes.</summary>
    public static bool operator ==(PackedRecord left, PackedRecord right) => left.Equals(right);

    /// <summary>Whether the bytes differ.</summary>
    public static bool operator !=(PackedRecord left, PackedRecord right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(PackedRecord other) => ReferenceEquals(_bytes, other._bytes) || Bytes.Span.SequenceEqual(other.Bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PackedRecord other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => unchecked((int)XxHash64.Compute(_bytes));

    /// <summary>Packs a record.</summary>
    internal static PackedRecord Pack(Operation put, Revision create, Revision modify, ulong version, WallTime? expiresAt)
    {
        var options = (byte)((expiresAt is null ? 0 : ExpiryOption) | (put.Owner is null ? 0 : OwnerOption));
        var optional = (expiresAt is null ? 0 : ExpiryBytes) + (put.Owner is null ? 0 : OwnerBytes);
        var key = put.Key.Bytes.Span;
        var bytes = new byte[HeaderBytes + optional + NamespaceBytes + key.Length + put.ContentType.Length + put.Value.Length];
        var writer = new SpanWriter(bytes);
        writer.Write(create.Value);
        writer.Write(modify.Value);
        writer.Write(version);
        writer.Write(put.Flags);
        writer.Write(options);
        writer.Write((byte)put.ContentType.Length);
        writer.Write((ushort)key.Length);
        if (put.Owner is { } owner)
        {
            writer.Write((byte)owner.Kind);
            writer.Write(owner.Id);
        }

        if (expiresAt is { } expiry)
        {
            BinaryPrimitives.WriteInt64BigEndian(writer.Next(ExpiryBytes), expiry.UnixMilliseconds);
        }

        WriteMapKey(writer.Next(NamespaceBytes + key.Length), put.Key.Namespace, key);
        Encoding.ASCII.GetBytes(put.ContentType, writer.Next(put.ContentType.Length));
        writer.Write(put.Value.Span);
        writer.Finish();
        return new PackedRecord(bytes);
    }

    /// <summary>Packs the tombstone of a key.</summary>
    /// <param name="mapKey">Namespace and key as they stand in a packed record.</param>
    /// <param name="removed">The revision that removed the record.</param>
    internal static PackedRecord PackTombstone(ReadOnlySpan<byte> mapKey, Revision removed)
    {
        var bytes = new byte[HeaderBytes + mapKey.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(ModifyOffset), removed.Value);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(KeyLengthOffset), (ushort)(mapKey.Length - NamespaceBytes));
        mapKey.CopyTo(bytes.AsSpan(HeaderBytes));
        return new PackedRecord(bytes);
    }

    /// <summary>Writes namespace and key as one ordered byte string of 4 + key length bytes.</summary>
    internal static void WriteMapKey(Span<byte> destination, NamespaceId namespaceId, ReadOnlySpan<byte> key)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, namespaceId.Value);
        key.CopyTo(destination[NamespaceBytes..]);
    }

    internal static bool HasExpiry(byte[] item) => (item[OptionsOffset] & ExpiryOption) != 0;

    internal static int NamespaceOffset(byte[] item)
    {
        var options = item[OptionsOffset];
        return HeaderBytes + ((options & OwnerOption) != 0 ? OwnerBytes : 0) + ((options & ExpiryOption) != 0 ? ExpiryBytes : 0);
    }

    internal static int KeyLength(byte[] item) => BinaryPrimitives.ReadUInt16LittleEndian(item.AsSpan(KeyLengthOffset));

    private static bool HasOwner(byte[] item) => (item[OptionsOffset] & OwnerOption) != 0;

    private static void ParseOptional(ref SpanReader reader, byte options)
    {
        if ((options & OwnerOption) != 0)
        {
            var kind = reader.ReadByte("owner kind");
            reader.Require(new RecordOwner((RecordOwnerKind)kind, 0).IsValid, "owner kind", kind);
            _ = reader.ReadUInt128("owner id");
        }

        if ((options & ExpiryOption) != 0)
        {
            var expiry = BinaryPrimitives.ReadInt64BigEndian(reader.Take(ExpiryBytes, "expiry"));
            reader.Require(new WallTime(expiry).IsStorable && expiry > 0, "expiry", expiry);
        }
    }
}
