using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrleansStore.Http.Replies;

/// <summary>A buffer for one small JSON answer. It belongs to whoever took it from the pool.</summary>
internal sealed class JsonReply : IDisposable
{
    /// <summary>How answers are written. They are JSON and said to be JSON, so only what JSON demands is escaped.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int InitialBytes = 512;

    private readonly ArrayBufferWriter<byte> _buffer = new(InitialBytes);

    public JsonReply() => Writer = new Utf8JsonWriter(_buffer, WriterOptions);

    public Utf8JsonWriter Writer { get; }

    /// <summary>Whether the buffer is small enough to be kept.</summary>
    public bool IsSmall => _buffer.Capacity <= 16 * 1024;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Finish()
    {
        Writer.Flush();
        return _buffer.WrittenMemory;
    }

    public void Reset()
    {
        _buffer.ResetWrittenCount();
        Writer.Reset();
    }

    public void Dispose() => Writer.Dispose();
}
