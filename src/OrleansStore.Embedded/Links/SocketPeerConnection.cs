using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using OrleansStore.Datacenters.Links;

namespace OrleansStore.Embedded.Links;

/// <summary>A TCP connection of Kestrel's socket transport, with TLS where there are credentials.</summary>
internal sealed class SocketPeerConnection(
    ConnectionContext context, PeerCredentials? credentials, Func<SslStream, CancellationToken, Task> authenticate) : IPeerConnection
{
    // One TLS record holds up to 16 KiB; a read of several saves turns.
    private static readonly StreamPipeReaderOptions ReaderOptions =
        new(bufferSize: 64 << 10, minimumReadSize: 16 << 10, leaveOpen: true, useZeroByteReads: false);

    // The stream outlives its writer: a connection that has sent its last word still reads.
    private static readonly StreamPipeWriterOptions WriterOptions = new(leaveOpen: true);

    private SslStream? _tls;
    private X509Certificate2? _peerCertificate;

    public PipeReader Input { get; private set; } = context.Transport.Input;

    public PipeWriter Output { get; private set; } = context.Transport.Output;

    public string Remote { get; } = context.RemoteEndPoint?.ToString() ?? "unknown";

    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (credentials is null)
        {
            return;
        }

        _tls = new SslStream(new DuplexStream(context.Transport), leaveInnerStreamOpen: false);
        await authenticate(_tls, cancellationToken);
        _peerCertificate = (X509Certificate2?)_tls.RemoteCertificate;
        Input = PipeReader.Create(_tls, ReaderOptions);
        Output = PipeWriter.Create(_tls, WriterOptions);
    }

    public string? FindNameMismatch(string datacenter) =>
        credentials is null ? null
        : _peerCertificate is null ? $"certificate is missing: {datacenter} showed none"
        : PeerCredentials.FindNameMismatch(_peerCertificate, datacenter);

    public async ValueTask EndAsync()
    {
        await Output.CompleteAsync();
        if (_tls is not null)
        {
            await _tls.ShutdownAsync();
            await context.Transport.Output.CompleteAsync();
        }
    }

    public void Abort() => context.Abort();

    public async ValueTask DisposeAsync()
    {
        if (_tls is not null)
        {
            // An exception keeps the writer from flushing to a stream that is gone.
            await Input.CompleteAsync();
            await Output.CompleteAsync(new IOException("the connection is closed"));
            await _tls.DisposeAsync();
        }

        await context.DisposeAsync();
        _peerCertificate?.Dispose();
    }
}
