using System.Buffers.Binary;

namespace OrleansStore.Buckets.Binary;

/// <summary>Reads little-endian fields from bytes that may be damaged: whatever is read is there, or <see cref="CorruptionException"/> says what is not.</summary>
internal ref struct SpanReader(ReadOnlySpan<byte> bytes, string subject)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly string _subject = subject;

    public int Offset { get; private set; }

    public readonly int Remaining => _bytes.Length - Offset;

    public byte ReadByte(string field) => Take(1, field)[0];

    public ushort ReadUInt16(string field) => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort), field));

    public uint ReadUInt32(string field) => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint), field));

    public ulong ReadUInt64(string field) => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), field));

    public UInt128 ReadUInt128(string field) => BinaryPrimitives.ReadUInt128LittleEndian(Take(16, field));

    public WallTime ReadWallTime(string field)
    {
        var time = new WallTime((long)ReadUInt64(field));
        Require(time.IsStorable, field, time.UnixMilliseconds);
        return time;
    }

    /// <summary>Reads a number in [<paramref name="min"/>, <paramref name="max"/>] from four bytes.</summary>
    public int ReadLength(string field, int min, int max)
    {
        var length = ReadUInt32(field);
        Require(length >= (uint)min && length <= (uint)max, field, length);
        return (int)length;
    }

    /// <summary>Takes the next bytes; they belong to the buffer that is read.</summary>
    public ReadOnlySpan<byte> Take(int count, string field)
    {
        if (count > Remaining)
        {
            throw new CorruptionException($"{_subject} is cut short at byte {Offset}: {field} needs {count} bytes, {Remaining} are left.");
        }

        var taken = _bytes.Slice(Offset, count);
        Offset += count;
        return taken;
    }

    public readonly void Require(bool condition, string field, long value)
    {
        if (!condition)
        {
            throw new CorruptionException($"{_subject} has an impossible {field} before byte {Offset}: {value}.");
        }
    }

    public readonly void RequireEnd()
    {
        if (Remaining != 0)
        {
            throw new CorruptionException($"{_subject} ends at byte {Offset}, and {Remaining} more follow.");
        }
    }
}
