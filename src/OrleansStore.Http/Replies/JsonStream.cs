using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OrleansStore.Http.Replies;

/// <summary>Writes a JSON answer of any length straight into the server's buffers, a piece at a time.</summary>
/// <param name="response">The answer; its headers are set.</param>
internal sealed class JsonStream(HttpResponse response)
{
    private const int PieceBytes = 32 * 1024;

    private long _sent;

    public Utf8JsonWriter Writer { get; } = new(response.BodyWriter, JsonReply.WriterOptions);

    /// <summary>Whether enough was written that it should be sent.</summary>
    public bool IsFull => Writer.BytesCommitted + Writer.BytesPending - _sent >= PieceBytes;

    /// <summary>Sends what was written, and waits while the caller is slower than we are.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Writer.Flush();
        _sent = Writer.BytesCommitted;
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    /// <summary>Sends the end.</summary>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        await Writer.DisposeAsync();
    }
}
