using System.Buffers.Binary;
using OrleansStore.Buckets.Commands;

namespace OrleansStore.Buckets.Identity;

/// <summary>The answer to one request of a session, as kept and snapshotted.</summary>
/// <remarks>
/// <code>
/// offset  size  field
///      0    16  session id, big-endian
///     16     8  sequence, big-endian
///     24    16  fingerprint of the request, little-endian; 0 with the answer NeverApplied
///     40     *  answer (AnswerCodec)
/// </code>
/// </remarks>
internal readonly struct SessionResultItem(byte[] bytes)
{
    public const int KeyBytes = SequenceOffset + sizeof(ulong);
    private const int SequenceOffset = 16;
    private const int AnswerOffset = KeyBytes + Fingerprint.Bytes;

    public byte[] Bytes { get; } = bytes;

    public SessionId Session => new(BinaryPrimitives.ReadUInt128BigEndian(Bytes));

    public ulong Sequence => BinaryPrimitives.ReadUInt64BigEndian(Bytes.AsSpan(SequenceOffset));

    /// <summary>Fingerprint and answer.</summary>
    public ReadOnlyMemory<byte> Memory => Bytes.AsMemory(KeyBytes);

    public static byte[] Create(SessionId session, ulong sequence, Fingerprint content, WriteResult answer)
    {
        var bytes = new byte[AnswerOffset + AnswerCodec.Measure(answer)];
        WriteKey(bytes, session, sequence);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(KeyBytes), content.Value);
        AnswerCodec.Write(answer, bytes.AsSpan(AnswerOffset));
        return bytes;
    }

    public static void WriteKey(Span<byte> destination, SessionId session, ulong sequence)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, session.Value);
        BinaryPrimitives.WriteUInt64BigEndian(destination[SequenceOffset..], sequence);
    }
}
