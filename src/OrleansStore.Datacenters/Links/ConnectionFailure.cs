using System.Net.Sockets;
using System.Security.Authentication;

namespace OrleansStore.Datacenters.Links;

/// <summary>Tells a connection that broke from a bug of ours.</summary>
internal static class ConnectionFailure
{
    /// <summary>Whether the exception is how a stream, socket or TLS session says that it ended, was aborted or was given up. A pipe or stream that was
    /// completed by an abort under way reports it as an invalid operation or a disposed object.</summary>
    public static bool Is(Exception exception) =>
        exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException or AuthenticationException or InvalidOperationException;
}
