using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansStore.Client.Tests.Support;

/// <summary>Accepts connections on a port of its own, until it is disposed of.</summary>
internal abstract class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    protected LoopbackServer()
    {
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        Stopped = _stop.Token;
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>How many connections were made.</summary>
    public int ConnectionCount => _connections.Count;

    protected CancellationToken Stopped { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    /// <summary>Serves one connection to its end.</summary>
    /// <exception cref="IOException">It broke; so for <see cref="SocketException"/> and <see cref="ObjectDisposedException"/>.</exception>
    protected abstract Task ServeAsync(TcpClient connection);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(HoldAsync(await _listener.AcceptTcpClientAsync(Stopped)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The server was stopped.
        }
    }

    private async Task HoldAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            // What serves may need what the derived class sets up.
            await Task.Yield();
            await ServeAsync(connection);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // A connection ends when either side has had enough of it.
        }
    }
}
