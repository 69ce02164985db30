using System.Buffers.Binary;
using System.Text;
using OrleansStore.Buckets.Commands;

namespace OrleansStore.Buckets.Identity;

/// <summary>An idempotency key with its answer, as kept and snapshotted.</summary>
/// <remarks>
/// <code>
/// offset  size  field
///      0     1  key length k, 1 to 64
///      1     8  remembered at, applied time in Unix milliseconds, big-endian
///      9     k  key, printable ASCII
///    9+k    16  fingerprint of the request, little-endian; 0 with the answer NeverApplied
///   25+k     *  answer (AnswerCodec)
/// </code>
/// </remarks>
internal readonly struct KeyItem(byte[] bytes)
{
    public const int TimeOffset = 1;
    public const int KeyOffset = 9;

    public byte[] Bytes { get; } = bytes;

    public WallTime RememberedAt => new(BinaryPrimitives.ReadInt64BigEndian(Bytes.AsSpan(TimeOffset)));

    public ReadOnlySpan<byte> Key => Bytes.AsSpan(KeyOffset, Bytes[0]);

    /// <summary>Fingerprint and answer.</summary>
    public ReadOnlyMemory<byte> Memory => Bytes.AsMemory(KeyOffset + Bytes[0]);

    public static byte[] Create(string key, WallTime rememberedAt, Fingerprint content, WriteResult answer)
    {
        var answerOffset = KeyOffset + key.Length + Fingerprint.Bytes;
        var bytes = new byte[answerOffset + AnswerCodec.Measure(answer)];
        bytes[0] = (byte)key.Length;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(TimeOffset), rememberedAt.UnixMilliseconds);
        Encoding.ASCII.GetBytes(key, bytes.AsSpan(KeyOffset));
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(KeyOffset + key.Length), content.Value);
        AnswerCodec.Write(answer, bytes.AsSpan(answerOffset));
        return bytes;
    }
}
