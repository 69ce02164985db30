namespace OrleansStore.Storage.Testing;

/// <summary>The content of a file: bytes that grow, with zeros in gaps.</summary>
internal sealed class ByteBuffer
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public Span<byte> Span => _bytes.AsSpan(0, Length);

    public static ByteBuffer Of(ReadOnlySpan<byte> content)
    {
        var buffer = new ByteBuffer();
        buffer.Write(0, content);
        return buffer;
    }

    public void Write(int offset, ReadOnlySpan<byte> data)
    {
        if (offset + data.Length > Length)
        {
            SetLength(offset + data.Length);
        }

        data.CopyTo(_bytes.AsSpan(offset));
    }

    public void SetLength(int length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
        }

        if (length < Length)
        {
            _bytes.AsSpan(length, Length - length).Clear();
        }

        Length = length;
    }
}
