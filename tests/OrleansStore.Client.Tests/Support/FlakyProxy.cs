using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansStore.Client.Tests.Support;

/// <summary>Stands between a client and a server, and breaks connections: before a part of a request is passed on, or before a part of an answer is.</summary>
internal sealed class FlakyProxy : IAsyncDisposable
{
    // Out of so many parts one is swallowed.
    private const int Odds = 6;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Lock _lock = new();
    private readonly SplitMix64 _random;
    private readonly Uri _server;
    private readonly Task _accepting;

    public FlakyProxy(Uri server, ulong seed)
    {
        _server = server;
        _random = new SplitMix64(seed);
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>How many answers the client never saw.</summary>
    public int SwallowedAnswers { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(_server.Host, _server.Port, _stop.Token);
            await await Task.WhenAny(PassAsync(near, far, isAnswer: false), PassAsync(far, near, isAnswer: true));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        var (source, sink) = (from.GetStream(), to.GetStream());
        while (await source.ReadAsync(buffer, _stop.Token) is > 0 and var read)
        {
            if (Swallows(isAnswer))
            {
                return;
            }

            await sink.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }

    private bool Swallows(bool isAnswer)
    {
        lock (_lock)
        {
            var swallows = _random.Next(Odds) == 0;
            SwallowedAnswers += swallows && isAnswer ? 1 : 0;
            return swallows;
        }
    }
}
