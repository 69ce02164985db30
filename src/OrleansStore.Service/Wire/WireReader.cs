using System.Buffers.Binary;

namespace OrleansStore.Service.Wire;

/// <summary>Reads the fields of a payload from bytes that may be damaged or hostile: whatever is read is there and is the one encoding of its value, or
/// <see cref="CorruptionException"/> says what is wrong.</summary>
internal ref struct WireReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ReadOnlyMemory<byte> _memory;

    /// <summary>Reads bytes that need not outlive the call; nothing can be sliced from them.</summary>
    public WireReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Reads bytes that the decoded values keep.</summary>
    public WireReader(ReadOnlyMemory<byte> memory)
    {
        _memory = memory;
        _bytes = memory.Span;
    }

    public int Offset { get; private set; }

    public readonly int Remaining => _bytes.Length - Offset;

    /// <summary>All that was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[Offset..];

    public byte Byte(string field) => Take(1, field)[0];

    public ulong Fixed64(string field) => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong), field));

    public UInt128 Fixed128(string field) => BinaryPrimitives.ReadUInt128LittleEndian(Take(2 * sizeof(ulong), field));

    public ulong Varint(string field)
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte(field);
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                // A last byte of 0 adds nothing: that value has a shorter form. The tenth byte has room for one bit.
                Require((next != 0 || shift == 0) && (shift < 63 || next == 1), field, next);
                return value;
            }
        }

        throw Damage(field, "more than 64 bits");
    }

    /// <summary>Reads a varint in [<paramref name="min"/>, <paramref name="max"/>].</summary>
    public ulong Varint(string field, ulong min, ulong max)
    {
        var value = Varint(field);
        Require(value >= min && value <= max, field, value);
        return value;
    }

    /// <summary>Reads a length or count in [<paramref name="min"/>, <paramref name="max"/>].</summary>
    public int Count(string field, int min, int max) => (int)Varint(field, (uint)min, (uint)max);

    /// <summary>Reads a value of an append-only enum: 0 is damage, more than <paramref name="last"/> is from a newer version.</summary>
    public byte Enum(string field, byte last)
    {
        var value = Byte(field);
        Require(value != 0, field, value);
        return value <= last ? value : throw new UnknownPayloadException($"The {field} {value} is not known to this version, which knows 1 to {last}.");
    }

    /// <summary>Reads a set of bits of which only <paramref name="known"/> may be set.</summary>
    public byte Options(string field, byte known)
    {
        var value = Byte(field);
        Require((value & ~known) == 0, field, value);
        return value;
    }

    /// <summary>Reads a time that can be stored and is after <see cref="WallTime.Zero"/>, or equal if <paramref name="allowZero"/>.</summary>
    public WallTime Time(string field, bool allowZero)
    {
        var time = new WallTime((long)Fixed64(field));
        Require(time.IsStorable && (allowZero || time != WallTime.Zero), field, (ulong)time.UnixMilliseconds);
        return time;
    }

    /// <summary>Takes the next bytes; they belong to the buffer that is read.</summary>
    public ReadOnlySpan<byte> Take(int count, string field)
    {
        if (count > Remaining)
        {
            throw Damage(field, $"{count} bytes needed, {Remaining} left");
        }

        var taken = _bytes.Slice(Offset, count);
        Offset += count;
        return taken;
    }

    /// <summary>Takes the next bytes as a slice of the memory that was given to the constructor.</summary>
    public ReadOnlyMemory<byte> TakeMemory(int count, string field)
    {
        var start = Offset;
        _ = Take(count, field);
        return _memory.Slice(start, count);
    }

    /// <summary>Takes length, varint in [<paramref name="min"/>, <paramref name="max"/>], and that many bytes.</summary>
    public ReadOnlyMemory<byte> Counted(string field, int min, int max) => TakeMemory(Count(field, min, max), field);

    public readonly void Require(bool condition, string field, ulong value)
    {
        if (!condition)
        {
            throw Damage(field, $"impossible value {value}");
        }
    }

    public readonly void RequireEnd()
    {
        if (Remaining != 0)
        {
            throw new CorruptionException($"A payload ends at byte {Offset}, and {Remaining} more follow.");
        }
    }

    private readonly CorruptionException Damage(string field, string what) => new($"A payload is damaged at byte {Offset}, {field}: {what}.");
}
