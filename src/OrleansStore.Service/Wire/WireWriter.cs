using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using OrleansStore.Diagnostics;

namespace OrleansStore.Service.Wire;

/// <summary>Writes the fields of a payload. Each format is written down once and runs twice: a first writer only counts, a second one, made by
/// <see cref="TryReserve"/>, writes into exactly that many bytes of the output. So a payload that is too long leaves no trace, and nothing is copied twice.</summary>
internal ref struct WireWriter
{
    private readonly Span<byte> _bytes;
    private readonly bool _isWriting;

    private WireWriter(Span<byte> bytes)
    {
        _bytes = bytes;
        _isWriting = true;
    }

    /// <summary>The bytes counted or written so far. 64 bits: what is counted may be far too long.</summary>
    public long Length { get; private set; }

    /// <summary>Makes the writer for what this one counted.</summary>
    /// <returns>False, and nothing is touched, if that is longer than a payload may be.</returns>
    public readonly bool TryReserve(IBufferWriter<byte> output, out WireWriter writer)
    {
        Invariant.Check(!_isWriting, "only a counting writer knows the length beforehand");
        var fits = Length <= WireLimits.MaxPayloadBytes;
        writer = fits ? new WireWriter(output.GetSpan((int)Length)[..(int)Length]) : default;
        return fits;
    }

    /// <summary>Hands the written bytes over.</summary>
    public readonly void Commit(IBufferWriter<byte> output)
    {
        Invariant.Check(_isWriting && Length == _bytes.Length, $"wrote {Length} of {_bytes.Length} bytes");
        output.Advance(_bytes.Length);
    }

    public void Byte(byte value)
    {
        if (TryNext(1, out var next))
        {
            next[0] = value;
        }
    }

    public void Fixed64(ulong value)
    {
        if (TryNext(sizeof(ulong), out var next))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(next, value);
        }
    }

    public void Fixed128(UInt128 value)
    {
        if (TryNext(2 * sizeof(ulong), out var next))
        {
            BinaryPrimitives.WriteUInt128LittleEndian(next, value);
        }
    }

    /// <summary>Writes 7 bits per byte, lowest first; the top bit says that more follow. 1 to 10 bytes, never more than needed.</summary>
    public void Varint(ulong value)
    {
        if (!TryNext((BitOperations.Log2(value | 1) / 7) + 1, out var next))
        {
            return;
        }

        for (var i = 0; i < next.Length - 1; i++)
        {
            next[i] = (byte)(value | 0x80);
            value >>= 7;
        }

        next[^1] = (byte)value;
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        if (TryNext(value.Length, out var next))
        {
            value.CopyTo(next);
        }
    }

    /// <summary>Writes length, varint, and bytes.</summary>
    public void Counted(ReadOnlySpan<byte> value)
    {
        Varint((uint)value.Length);
        Bytes(value);
    }

    /// <summary>Writes length, varint, and the bytes of the text in <paramref name="encoding"/>; a null text as the empty one.</summary>
    /// <exception cref="ArgumentException">The text cannot be encoded.</exception>
    public void Counted(string? text, Encoding encoding)
    {
        var length = text is null ? 0 : encoding.GetByteCount(text);
        Varint((uint)length);
        if (text is not null && TryNext(length, out var next))
        {
            encoding.GetBytes(text, next);
        }
    }

    /// <summary>The next bytes, for the caller to fill.</summary>
    /// <returns>False if they are only counted.</returns>
    public bool TryNext(int count, out Span<byte> next)
    {
        next = _isWriting ? _bytes.Slice((int)Length, count) : default;
        Length += count;
        return _isWriting;
    }
}
