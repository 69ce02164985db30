using System.Net;
using System.Net.Sockets;

namespace OrleansStore.Storage.Tests.Postgres;

/// <summary>Stands between storage and server, and can swallow what the server answers: a statement is executed, and nobody hears of it.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly List<Task> _work = [];
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _connections = [];
    private byte[]? _marker;
    private int _cuts;

    public CuttingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _work.Add(AcceptAsync());
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were cut at an answer.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Cuts the next connection that sends these bytes, after the server has answered and before the answer arrives.</summary>
    public void CutAnswerTo(byte[] marker) => Volatile.Write(ref _marker, marker);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        lock (_gate)
        {
            _connections.ForEach(connection => connection.Dispose());
        }

        await Task.WhenAll(_work.ToArray()).ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
            lock (_gate)
            {
                _connections.AddRange([client, server]);
                _work.Add(RelayAsync(client, server));
            }
        }
    }

    private async Task RelayAsync(TcpClient client, TcpClient server)
    {
        // Set by the way there, looked at by the way back.
        var mustCut = false;
        var there = CopyAsync(client, server, bytes =>
        {
            if (Volatile.Read(ref _marker) is { } marker && bytes.Span.IndexOf(marker) >= 0 && Interlocked.CompareExchange(ref _marker, null, marker) == marker)
            {
                Volatile.Write(ref mustCut, true);
            }

            return true;
        });
        var back = CopyAsync(server, client, _ =>
        {
            if (Volatile.Read(ref mustCut))
            {
                Interlocked.Increment(ref _cuts);
            }

            return !Volatile.Read(ref mustCut);
        });
        await Task.WhenAny(there, back);
        client.Dispose();
        server.Dispose();
        await Task.WhenAll(there, back).ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, Func<ReadOnlyMemory<byte>, bool> mayPass)
    {
        var buffer = new byte[256 * 1024];
        int read;
        while ((read = await from.GetStream().ReadAsync(buffer)) > 0 && mayPass(buffer.AsMemory(0, read)))
        {
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
        }
    }
}
