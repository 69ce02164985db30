using System.Net;
using System.Net.Sockets;

namespace OrleansStore.Embedded.Tests.Harness;

/// <summary>A TCP proxy that can stop to forward without a reset, in either direction, and cut what stands.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;
    private volatile TaskCompletionSource _forth = Open();
    private volatile TaskCompletionSource _back = Open();

    public TcpProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Stops to forward from the side that dials.</summary>
    public void HoldForth() => _forth = new TaskCompletionSource();

    /// <summary>Stops to forward to the side that dials.</summary>
    public void HoldBack() => _back = new TaskCompletionSource();

    public void Release()
    {
        _forth.TrySetResult();
        _back.TrySetResult();
    }

    /// <summary>Resets what stands; new connections are forwarded.</summary>
    public void Cut()
    {
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Close(0));
            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        Release();
        Cut();
        await _accepting;
    }

    private static TaskCompletionSource Open()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync();
                var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                lock (_sockets)
                {
                    _sockets.AddRange([client, server]);
                }

                _ = ForwardAsync(client, server);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was stopped.
        }
    }

    private async Task ForwardAsync(Socket client, Socket server)
    {
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await Task.WhenAny(PumpAsync(client, server, () => _forth), PumpAsync(server, client, () => _back));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // One side is gone; so is the other, below.
        }

        client.Dispose();
        server.Dispose();
    }

    private static async Task PumpAsync(Socket from, Socket to, Func<TaskCompletionSource> gate)
    {
        var buffer = new byte[64 << 10];
        while (true)
        {
            var read = await from.ReceiveAsync(buffer);
            await gate().Task;
            if (read == 0)
            {
                return;
            }

            for (var sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
    }
}
