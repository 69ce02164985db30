using System.IO.Pipelines;

namespace OrleansStore.Datacenters.Links;

/// <summary>A duplex byte stream to another process.</summary>
public interface IPeerConnection : IAsyncDisposable
{
    /// <summary>What arrives. Reading fails with an <see cref="IOException"/> or <see cref="OperationCanceledException"/> once the connection broke. Valid
    /// after <see cref="OpenAsync"/>.</summary>
    PipeReader Input { get; }

    /// <summary>What is sent. Flushing waits while the network is slower than the writer. Valid after <see cref="OpenAsync"/>.</summary>
    PipeWriter Output { get; }

    /// <summary>The other end, for logs.</summary>
    string Remote { get; }

    /// <summary>Ends the transport's own handshake, where it has one.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peer's certificate is not accepted, or it accepts none of ours.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    ValueTask OpenAsync(CancellationToken cancellationToken);

    /// <summary>Whether the peer may call itself by this name. Valid after <see cref="OpenAsync"/>.</summary>
    /// <returns>Null if it may, as everybody may where there are no certificates; else what its certificate names.</returns>
    string? FindNameMismatch(string datacenter);

    /// <summary>Ends the sending direction: what was flushed arrives, and then the end. Reading goes on. Nothing is written afterwards.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    ValueTask EndAsync();

    /// <summary>Breaks the connection at once; reads and writes under way end. Safe from any thread, and more than once.</summary>
    void Abort();
}
