using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansStore.Http.Connections;

/// <summary>Puts an <see cref="UnsentBodyReader"/> under the server's HTTP parser.</summary>
/// <param name="input">The connection's input.</param>
/// <param name="output">The connection's output.</param>
internal sealed class UnsentBodyTransport(PipeReader input, PipeWriter output) : IDuplexPipe
{
    public PipeReader Input { get; } = input;

    public PipeWriter Output { get; } = output;

    /// <summary>Installs the reader on every connection of an endpoint.</summary>
    public static void Use(ListenOptions endpoint) => endpoint.Use(next => connection =>
    {
        var reader = new UnsentBodyReader(connection.Transport.Input);
        connection.Transport = new UnsentBodyTransport(reader, connection.Transport.Output);
        connection.Features.Set<IUnsentBodyFeature>(new PlainOnly(reader, connection));
        return next(connection);
    });

    // An endpoint that adds TLS does so above this, and the bytes that pass here are its records: nothing can be replaced in them.
    private sealed class PlainOnly(UnsentBodyReader reader, ConnectionContext connection) : IUnsentBodyFeature
    {
        private bool IsPlain => connection.Features.Get<ITlsHandshakeFeature>() is null;

        public bool TrySkip(long? contentLength) => IsPlain && reader.TrySkip(contentLength);

        public void End(long? rest)
        {
            if (IsPlain)
            {
                reader.End(rest);
            }
        }
    }
}
