using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansStore.Verification.Nemesis.Links;

/// <summary>Stands between one datacenter and another one that it dials: a TCP proxy on loopback that can be slow, silent in either direction, or cut. Safe for concurrent use.</summary>
internal sealed class LinkProxy : IAsyncDisposable
{
    private static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(5);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly IPEndPoint _target;
    private readonly LinkConditions _conditions;
    private readonly SplitMix64 _random;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, byte> _connections = new();
    private readonly Lock _gate = new();
    private readonly Task _accepting;
    private CancellationTokenSource _cut = new();
    private bool _isCut;

    /// <param name="target">Where connections lead.</param>
    /// <param name="conditions">What the link is like.</param>
    /// <param name="random">For jitter; used by this proxy alone.</param>
    /// <param name="time">The clock.</param>
    public LinkProxy(IPEndPoint target, LinkConditions conditions, SplitMix64 random, TimeProvider time)
    {
        (_target, _conditions, _random, _time) = (target, conditions, random, time);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>From who dials to who is dialled.</summary>
    public LinkGate Forward { get; } = new();

    /// <summary>From who is dialled to who dials.</summary>
    public LinkGate Backward { get; } = new();

    /// <summary>Resets all connections, and from now on every new one.</summary>
    public void Cut()
    {
        CancellationTokenSource cut;
        lock (_gate)
        {
            _isCut = true;
            cut = _cut;
        }

        // Outside of the lock: what waits on the token goes on here.
        cut.Cancel();
    }

    /// <summary>Lets everything pass again. What waited at a gate goes on.</summary>
    public void Restore()
    {
        lock (_gate)
        {
            if (_isCut)
            {
                // The old source stays undisposed: connections that are being reset still look at its token.
                (_isCut, _cut) = (false, new CancellationTokenSource());
            }
        }

        Forward.Open();
        Backward.Open();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
        _stop.Dispose();
        _cut.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = ServeAsync(await _listener.AcceptAsync(_stop.Token).ConfigureAwait(false));
                _connections.TryAdd(connection, 0);
                _ = connection.ContinueWith(ended => _connections.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Disposed: the end.
        }
    }

    private async Task ServeAsync(Socket dialler)
    {
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, CutToken());
        using var ownDialler = dialler;
        try
        {
            // A connection through a silent link is made once packets pass in both directions.
            await Forward.PassAsync(end.Token).ConfigureAwait(false);
            await Backward.PassAsync(end.Token).ConfigureAwait(false);
            await target.ConnectAsync(_target, end.Token).AsTask().WaitAsync(DialTimeout, _time, end.Token).ConfigureAwait(false);
            dialler.NoDelay = target.NoDelay = true;
            var (forward, backward) = ForkRandom();
            await WhenBothOrBrokenAsync(
                new LinkPipe(dialler, target, Forward, _conditions, forward, _time).RunAsync(end.Token),
                new LinkPipe(target, dialler, Backward, _conditions, backward, _time).RunAsync(end.Token),
                end).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or TimeoutException or ObjectDisposedException)
        {
            // A linger of zero makes the close a reset: the far side learns that it broke, not that it ended.
            ResetOnClose(dialler);
            ResetOnClose(target);
        }
    }

    private static async Task WhenBothOrBrokenAsync(Task first, Task second, CancellationTokenSource end)
    {
        var earlier = await Task.WhenAny(first, second).ConfigureAwait(false);
        if (!earlier.IsCompletedSuccessfully)
        {
            await end.CancelAsync().ConfigureAwait(false);
        }

        await Task.WhenAll(first, second).ConfigureAwait(false);
    }

    private CancellationToken CutToken()
    {
        lock (_gate)
        {
            return _cut.Token;
        }
    }

    private (SplitMix64 Forward, SplitMix64 Backward) ForkRandom()
    {
        lock (_gate)
        {
            return (_random.Fork(), _random.Fork());
        }
    }

    private static void ResetOnClose(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }
}
