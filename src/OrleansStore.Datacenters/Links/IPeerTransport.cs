using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Links;

/// <summary>Where the duplex byte streams between datacenters come from: sockets in production, memory in the simulator.</summary>
/// <remarks>Implementations resume their callers on the callers' scheduler, or use tasks throughout, and start no work of their own outside it that a
/// simulated run would have to see.</remarks>
public interface IPeerTransport : IAsyncDisposable
{
    /// <summary>Connects to a peer. The caller owns the connection.</summary>
    /// <param name="peer">One of the datacenters the transport knows.</param>
    /// <param name="linkClass">What the connection is for; a transport may mark its packets by it.</param>
    /// <param name="cancellationToken">Gives the attempt up.</param>
    /// <exception cref="IOException">The peer cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">The attempt was given up.</exception>
    ValueTask<IPeerConnection> DialAsync(DatacenterId peer, LinkClass linkClass, CancellationToken cancellationToken);

    /// <summary>Waits for the next connection from outside. The caller owns it. One call at a time.</summary>
    /// <returns>Null once the transport is disposed of.</returns>
    ValueTask<IPeerConnection?> AcceptAsync();
}
