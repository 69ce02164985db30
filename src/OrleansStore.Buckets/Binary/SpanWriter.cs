using System.Buffers.Binary;
using OrleansStore.Diagnostics;

namespace OrleansStore.Buckets.Binary;

/// <summary>Writes little-endian fields into a buffer whose size was computed before; <see cref="Finish"/> checks that computation.</summary>
internal ref struct SpanWriter(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    public int Offset { get; private set; }

    public void Write(byte value) => Next(1)[0] = value;

    public void Write(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Next(sizeof(ushort)), value);

    public void Write(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Next(sizeof(uint)), value);

    public void Write(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Next(sizeof(ulong)), value);

    public void Write(UInt128 value) => BinaryPrimitives.WriteUInt128LittleEndian(Next(16), value);

    public void Write(WallTime value) => Write((ulong)value.UnixMilliseconds);

    public void Write(ReadOnlySpan<byte> value) => value.CopyTo(Next(value.Length));

    /// <summary>The next bytes, to be filled by the caller.</summary>
    public Span<byte> Next(int count)
    {
        var next = _bytes.Slice(Offset, count);
        Offset += count;
        return next;
    }

    public readonly void Finish() => Invariant.Check(Offset == _bytes.Length, $"wrote {Offset} of {_bytes.Length} bytes");
}
