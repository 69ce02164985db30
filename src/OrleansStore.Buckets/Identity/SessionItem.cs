using System.Buffers.Binary;

namespace OrleansStore.Buckets.Identity;

/// <summary>A session as kept and snapshotted.</summary>
/// <remarks>
/// <code>
/// offset  size  field
///      0     8  last use, applied time in Unix milliseconds, big-endian
///      8    16  session id, big-endian
///     24     8  answered up to, little-endian
/// </code>
/// </remarks>
internal readonly struct SessionItem(byte[] bytes)
{
    public const int IdOffset = 8;
    public const int IdBytes = 16;
    public const int TotalBytes = 32;
    private const int AnsweredOffset = 24;

    public byte[] Bytes { get; } = bytes;

    public WallTime LastUse => new(BinaryPrimitives.ReadInt64BigEndian(Bytes));

    public SessionId Id => new(BinaryPrimitives.ReadUInt128BigEndian(Bytes.AsSpan(IdOffset)));

    public ulong AnsweredUpTo => BinaryPrimitives.ReadUInt64LittleEndian(Bytes.AsSpan(AnsweredOffset));

    public static SessionItem Create(SessionId id, WallTime lastUse, ulong answeredUpTo)
    {
        var bytes = new byte[TotalBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, lastUse.UnixMilliseconds);
        BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(IdOffset), id.Value);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(AnsweredOffset), answeredUpTo);
        return new SessionItem(bytes);
    }
}
