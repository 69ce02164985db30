using OrleansStore.Datacenters.Identity;
using OrleansStore.Diagnostics;
using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Links;

/// <summary>The links of one datacenter over connections: framed, batched, bounded, watched by heartbeats, connected again when they break.</summary>
/// <remarks>
/// <para>All work is done on the scheduler of the <see cref="LinkEnvironment"/>, one task at a time; the handler is called there. <see cref="TrySend"/>,
/// <see cref="StateOf"/>,
/// <see cref="Status"/> and <see cref="OwnClock"/> are safe from any thread.</para>
/// <para>The two sides do not see the first heartbeats come back at the same time. A payload that arrives before our own echo proves the link as well, so it is up, and an answer can
/// be sent, when the handler gets it.</para>
/// </remarks>
public sealed partial class PeerLinks : IPeerLinks, IAsyncDisposable
{
    private readonly DatacenterId _self;
    private readonly string _name;
    private readonly IPeerTransport _transport;
    private readonly IHelloExchange _exchange;
    private readonly LinkOptions _options;
    private readonly LinkEnvironment _environment;
    private readonly PeerLink[] _links;
    private readonly LinkMetrics _metrics;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private int _isDisposed;

    /// <summary>Creates the links; nothing is dialled before <see cref="Start"/>.</summary>
    /// <param name="peers">The other datacenters, in any order; may be empty.</param>
    /// <param name="transport">Where connections come from; disposed of with the links.</param>
    /// <param name="exchange">Who this process is; not disposed of.</param>
    /// <param name="options">Times and bounds.</param>
    /// <param name="environment">Scheduler, time, randomness, log.</param>
    /// <exception cref="ArgumentException">An option is out of its range, the scheduler runs several tasks at a time, or a peer is named twice or is this
    /// datacenter.</exception>
    public PeerLinks(
        IReadOnlyCollection<PeerName> peers, IPeerTransport transport, IHelloExchange exchange, LinkOptions options, LinkEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(peers);
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(exchange);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        options.Validate();
        environment.Validate();
        (_self, _name) = (exchange.Own.Datacenter, exchange.Own.Name);
        if (peers.Select(peer => peer.Datacenter).Append(_self).Distinct().Count() != peers.Count + 1)
        {
            throw new ArgumentException($"Peers {string.Join(", ", peers)} of datacenter {_self} are not distinct.", nameof(peers));
        }

        _transport = transport;
        _exchange = exchange;
        _options = options;
        _environment = environment;
        _links = [.. peers.OrderBy(peer => peer.Datacenter).Select(peer => new PeerLink(peer, _name, exchange, options, environment, Fail))];
        _metrics = new LinkMetrics(_name, _links);
    }

    /// <summary>Whether this datacenter's own wall clock must be taken to be wrong: then it must not lead (invariant 3). Null: it need not; else what was
    /// measured, in words.</summary>
    public string? OwnClock
    {
        get
        {
            var estimates = _links.Select(link => link.Estimate).ToArray();
            if (!ClockAgreement.IsOwnClockOff(estimates, _options.MaxClockSkew))
            {
                return null;
            }

            var measured = _links.Zip(estimates)
                .Where(pair => pair.Second is not null)
                .Select(pair => $"{pair.First.Peer.Name} is {pair.Second!.Value.Skew.TotalMilliseconds:+0;-0;0} ms away");
            return $"the clock of {_name} is off by more than {_options.MaxClockSkew.TotalMilliseconds:0} ms: {string.Join(", ", measured)}";
        }
    }

    internal LinkMetrics Metrics => _metrics;

    /// <summary>Completes when the links were disposed of; fails at once on a defect of the links or of the handler. Whoever hosts the links watches it: they
    /// are not to be relied on afterwards.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Begins to dial and to accept. Called once.</summary>
    /// <param name="handler">Takes what arrives; called on the scheduler.</param>
    /// <exception cref="InvalidOperationException">The links were started or disposed of before.</exception>
    public void Start(IPeerHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_running != Task.CompletedTask || _isDisposed != 0)
        {
            throw new InvalidOperationException("The links were started or disposed of before.");
        }

        foreach (var link in _links)
        {
            link.SetHandler(handler);
        }

        _running = OnScheduler(RunAsync);
    }

    /// <inheritdoc/>
    public bool TrySend(DatacenterId to, LinkClass linkClass, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfZero(payload.Length, nameof(payload));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, IPeerLinks.MaxPayloadBytes, nameof(payload));
        return LinkTo(to).TrySend(linkClass, payload);
    }

    /// <inheritdoc/>
    public LinkState StateOf(DatacenterId peer) => LinkTo(peer).State;

    /// <inheritdoc/>
    public IReadOnlyList<LinkStatus> Status() => [.. _links.Select(link => link.Status)];

    /// <summary>Closes all connections and stops. What is queued is lost. When it returns the handler is called no more.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _stop.Cancel();
        await _transport.DisposeAsync();
        await _running;
        _metrics.Dispose();
        _completion.TrySetResult();
        _stop.Dispose();
    }

    private PeerLink LinkTo(DatacenterId peer)
    {
        foreach (var link in _links)
        {
            if (link.Peer.Datacenter == peer)
            {
                return link;
            }
        }

        throw new ArgumentException($"Datacenter {peer} is no peer of {_self}.", nameof(peer));
    }

    private Task OnScheduler(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _environment.Scheduler).Unwrap();

    private async Task RunAsync()
    {
        _exchange.OwnChanged += OnOwnChanged;
        var process = _environment.Random.NextUInt64();
        var acceptor = new PeerAcceptor(_links, _self, _name, _transport, _exchange, _options, _environment, Fail);
        List<Task> loops = [GuardAsync(TickAsync), GuardAsync(acceptor.RunAsync)];
        foreach (var link in _links)
        {
            if (_self < link.Peer.Datacenter)
            {
                loops.Add(GuardAsync(new PeerDialer(link, _self, _transport, _exchange, process).RunAsync));
            }
        }

        _exchange.OnStarted();
        await Task.WhenAll(loops);
        _exchange.OwnChanged -= OnOwnChanged;
    }

    private async Task GuardAsync(Func<CancellationToken, Task> loop)
    {
        try
        {
            await loop(_stop.Token);
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    private void Fail(Exception exception)
    {
        LogDefect(_environment.Logger, exception, _name);
        _completion.TrySetException(exception);
    }

    private async Task TickAsync(CancellationToken stop)
    {
        var interval = _options.HeartbeatInterval;
        for (var last = _environment.Now; !stop.IsCancellationRequested;)
        {
            try
            {
                await Task.Delay(interval, _environment.Time, stop);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            // One tick, however long it took to come. Where it is late by more than an interval this process stood still, and so did its ears.
            var now = _environment.Now;
            var elapsed = now - last;
            var pause = elapsed > 2 * interval ? elapsed - interval : TimeSpan.Zero;
            last = now;
            foreach (var link in _links)
            {
                link.Tick(now, pause);
            }
        }
    }

    private void OnOwnChanged(object? sender, EventArgs arguments)
    {
        Invariant.Check(TaskScheduler.Current == _environment.Scheduler, "identities change on the links' scheduler");
        foreach (var link in _links)
        {
            link.Announce();
        }
    }
}
