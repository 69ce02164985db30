using System.Net;

namespace OrleansStore.Client.Http.Requests;

/// <summary>The body of one copy of a request, sent from memory that somebody else owns. Tells whether the copy can have left at all.</summary>
/// <remarks>
/// The handler asks for the body once it has a connection and has put the head into that connection's buffer, which it sends together with the body or its beginning. So a copy whose body was
/// never asked for has reached nobody as a whole request.
/// </remarks>
internal sealed class RequestBody : HttpContent
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private volatile bool _hasLeft;

    /// <summary>Creates a body.</summary>
    /// <param name="bytes">Not copied, and not given back.</param>
    /// <param name="contentType">Printable ASCII; empty for none.</param>
    public RequestBody(ReadOnlyMemory<byte> bytes, string contentType)
    {
        _bytes = bytes;
        if (contentType.Length > 0)
        {
            Headers.TryAddWithoutValidation(HeaderNames.ContentType, contentType);
        }
    }

    /// <summary>Whether the copy may have got out.</summary>
    public bool HasLeft => _hasLeft;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _hasLeft = true;
        return stream.WriteAsync(_bytes, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
