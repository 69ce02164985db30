using System.Runtime.CompilerServices;
using System.Security.Claims;
using OrleansStore.Placement;
using OrleansStore.Service.Engine;
using OrleansStore.Service.Routing.Access;
using OrleansStore.Service.Routing.Calls;
using OrleansStore.Service.Routing.Scans;
using OrleansStore.Service.Routing.Sessions;

namespace OrleansStore.Service.Routing;

/// <summary>The store, as one datacenter offers it: finds for every request the replica that can answer it, wherever that is, and says exactly what became of it.</summary>
/// <remarks>
/// <para>It keeps no data: only guesses where leaders are, and its sessions. The README of this folder says by which rules it retries, and why a definite failure is one.</para>
/// <para>It performs no IO and starts no thread: what it does runs where its ports' calls continue. Safe for concurrent use.</para>
/// </remarks>
public sealed partial class StoreRouter : IStoreService, ITopologyObserver, IDisposable
{
    // What the metrics call a request that ended without a status of its own.
    private const string GaveUp = "CallerGaveUp";

    private readonly IBucketClient _client;
    private readonly IAuthorizer _authorizer;
    private readonly IStoreStatusSource _status;
    private readonly TimeProvider _time;
    private readonly RouterOptions _options;
    private readonly RouterMetrics _metrics;
    private readonly LeaderHints _hints;
    private readonly SessionPools _sessions;
    private readonly BucketCaller _caller;
    private readonly InFlightLimit _inFlight;
    private readonly InFlightLimit _scans;
    private readonly IDisposable _subscription;
    private readonly Lock _mapLock = new();

    // Invariant 9: its epoch only rises.
    private volatile PlacementMap _map;

    /// <summary>Creates the router of a datacenter. The caller disposes it; requests that are under way then end as they would have.</summary>
    /// <param name="client">Reaches the replicas.</param>
    /// <param name="topology">Says which datacenters there are; the local one is among them.</param>
    /// <param name="authorizer">Decides who may do what.</param>
    /// <param name="status">What the engine knows of this datacenter.</param>
    /// <param name="time">For pauses and deadlines; it runs like the client's clock.</param>
    /// <param name="random">Spreads pauses and makes session ids; used by nobody else. In production it must not repeat itself from one start to the next.</param>
    /// <param name="options">Its options.</param>
    /// <exception cref="ArgumentException">The options contradict themselves (the message holds all mistakes), or the topology does not name the local datacenter.</exception>
    public StoreRouter(
        IBucketClient client,
        ITopologySource topology,
        IAuthorizer authorizer,
        IStoreStatusSource status,
        TimeProvider time,
        IRandomSource random,
        RouterOptions options)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(authorizer);
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(options);
        var mistakes = options.Validate();
        if (mistakes.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', mistakes), nameof(options));
        }

        _client = client;
        _authorizer = authorizer;
        _status = status;
        _time = time;
        _options = options;
        _map = PlacementMap.Create(topology.Current);
        var count = _map.Topology.BucketCount.Value;
        Datacenter = _map.Topology.Find(client.Local)?.Name
            ?? throw new ArgumentException($"The topology names no datacenter {client.Local}, the local one.", nameof(topology));
        _inFlight = new InFlightLimit(options.MaxInFlight);
        _scans = new InFlightLimit(options.MaxScans);
        _metrics = new RouterMetrics(Datacenter, () => _inFlight.Count);
        var shared = new LockedRandom(random);
        _hints = new LeaderHints(count);
        _sessions = new SessionPools(count, options, shared, _metrics);
        _caller = new BucketCaller(client, time, shared, options, _metrics);
        _subscription = topology.Subscribe(this);

        // The source tells of later topologies only, and one may have come between.
        OnTopologyChanged(topology.Current);
    }

    /// <inheritdoc/>
    public string Datacenter { get; }

    /// <inheritdoc/>
    public string? NotReadyReason => _status.NotReadyReason;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<StoreReply<ReadResult>> ReadAsync(
        StoreKey key, ReadConsistency consistency, RequestContext context, CancellationToken cancellationToken)
    {
        if (key.IsDefault)
        {
            throw new ArgumentException("A read needs a key.", nameof(key));
        }

        if (consistency is not (ReadConsistency.Linearizable or ReadConsistency.Eventual))
        {
            throw new ArgumentOutOfRangeException(nameof(consistency), consistency, "Unknown consistency.");
        }

        CheckTimeout(context);
        Demand(context.Principal, new AccessRequest(StoreAction.Read, key.Namespace, key.Bytes));
        var map = _map;
        var bucket = map.BucketOf(key.Namespace, key.Bytes.Span);
        if (!_inFlight.TryEnter())
        {
            return new(bucket, RequestId.None, ThrottledRead());
        }

        var started = _client.Now;
        var status = GaveUp;
        try
        {
            using var clock = StartClock(started, context, cancellationToken);
            var plan = PlanFor(map, bucket, consistency);
            var result = await _caller.CallAsync(plan, new ReadFate(key, consistency, _options), context, clock);
            status = result.Status.ToString();
            return new(bucket, RequestId.None, result);
        }
        finally
        {
            _inFlight.Exit();
            _metrics.CountRequest("read", status, _client.Now - started);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ScanReply> ScanAsync(ScanRequest request, RequestContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        CheckTimeout(context);
        Demand(context.Principal, new AccessRequest(StoreAction.Scan, request.Namespace, request.Prefix));
        if (!_scans.TryEnter())
        {
            _metrics.CountRequest("scan", nameof(ReadStatus.Throttled), TimeSpan.Zero);
            return new ScanReply(ReadStatus.Throttled, [], null) { RetryAfter = _options.ThrottleDelay };
        }

        var started = _client.Now;
        var status = GaveUp;
        try
        {
            using var clock = StartClock(started, context, cancellationToken);
            var map = _map;
            var run = new ScanRun(map, request, _options.ScanParallelism, clock, (bucket, page) =>
                _caller.CallAsync(PlanFor(map, bucket, page.Consistency), new PageFate(page, _options), context, clock));
            var reply = await run.RunAsync();
            status = reply.Status.ToString();
            return reply;
        }
        finally
        {
            _scans.Exit();
            _metrics.CountRequest("scan", status, _client.Now - started);
        }
    }

    /// <inheritdoc/>
    public void OnTopologyChanged(Topology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        lock (_mapLock)
        {
            if (topology.Epoch > _map.Topology.Epoch)
            {
                _map = PlacementMap.Create(topology);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _subscription.Dispose();
        _metrics.Dispose();
    }

    private RoutePlan PlanFor(PlacementMap map, BucketId bucket, ReadConsistency consistency) =>
        new(map, bucket, consistency == ReadConsistency.Eventual, _hints, _client, _options);

    private RequestClock StartClock(MonotonicTime now, RequestContext context, CancellationToken cancellationToken) =>
        new(now, context.Timeout, _options.AnswerMargin, _time, cancellationToken);

    private void CheckTimeout(RequestContext context)
    {
        if (context.Timeout <= TimeSpan.Zero || context.Timeout > _options.MaxTimeout)
        {
            throw new ArgumentOutOfRangeException(nameof(context), context.Timeout, $"A timeout is above 0 and at most {_options.MaxTimeout}.");
        }
    }

    /// <exception cref="StoreException">The principal may not do it.</exception>
    private void Demand(ClaimsPrincipal principal, in AccessRequest access)
    {
        if (!_authorizer.IsAllowed(principal, access))
        {
            throw new StoreException(ErrorCode.Forbidden, $"The principal may not {access.Action} in namespace {access.Namespace}.");
        }
    }

    private ReadResult ThrottledRead()
    {
        _metrics.CountRequest("read", nameof(ReadStatus.Throttled), TimeSpan.Zero);
        return new ReadResult(ReadStatus.Throttled, null, Revision.None, LogIndex.None) { RetryAfter = _options.ThrottleDelay };
    }
}
