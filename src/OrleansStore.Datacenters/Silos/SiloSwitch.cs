using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansStore.Placement;
using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Silos;

/// <summary>The links of a datacenter as one of its several silos has them: one silo holds them, the others send through it; what comes for a bucket goes to the silo where its actor is.</summary>
/// <remarks>
/// <code>
///   this silo's buckets ── TrySend ──► links, if held here ──────────────────────────► other datacenters
///                             │            else outbox ──► the silo that holds them ──►
///                             └─ to the own datacenter ──► where the bucket is
///   links, if held here ── OnPayload ──► where the bucket is: this silo's buckets, or an outbox, or waiting until it is located
///   other silos ── Receive ──► the same
/// </code>
/// <para>Payloads are moved, never copied: each arrives once or not at all, whatever way it takes. Those of one class that take one way stay in order; where a bucket moves, later ones may overtake
/// earlier ones, which consensus does not mind, and requests have ids.</para>
/// <para>Safe for concurrent use.</para>
/// </remarks>
public sealed partial class SiloSwitch : IPeerLinks, IPeerHandler, IAsyncDisposable
{
    // From here on a frame was passed on by silos that were both wrong about where a bucket is.
    private const int MaxHops = 3;

    private readonly ISiloCluster _cluster;
    private readonly DatacenterId _local;
    private readonly PlacementMap _placement;
    private readonly ImmutableArray<DatacenterId> _peers;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<OutboxKey, SiloOutbox> _outboxes = new();

    // Where buckets were when somebody last said so. What is not here is located.
    private readonly ConcurrentDictionary<BucketId, SiloName> _places = new();
    private readonly WaitingFrames _waiting;
    private readonly ITimer _timer;
    private volatile IPeerHandler? _buckets;
    private volatile HeldLinks? _held;
    private volatile HeardReport? _heard;

    /// <summary>Creates a switch through which nothing flows before <see cref="Start"/>.</summary>
    /// <param name="cluster">The silos of this datacenter.</param>
    /// <param name="local">This datacenter.</param>
    /// <param name="placement">Which datacenters hold which bucket.</param>
    /// <param name="time">The clocks.</param>
    /// <param name="logger">Where to log.</param>
    public SiloSwitch(ISiloCluster cluster, DatacenterId local, PlacementMap placement, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(placement);
        ArgumentNullException.ThrowIfNull(time);
        (_cluster, _local, _placement, _time, _logger) = (cluster, local, placement, time, logger);
        _peers = [.. placement.Topology.Datacenters.Select(datacenter => datacenter.Id).Where(id => id != local)];
        _waiting = new WaitingFrames(time);
        _timer = time.CreateTimer(_ => Tick(), null, ReportInterval, ReportInterval);
    }

    /// <summary>The silo that holds the links, as far as is known here; null while none does.</summary>
    public SiloName? Holder => _held is not null ? _cluster.Self : Present?.From;

    /// <inheritdoc/>
    public string? OwnClock => _held is { } held ? held.Links.OwnClock : Present?.Report.OwnClock;

    /// <summary>Begins to hand what arrives to this silo's buckets.</summary>
    public void Start(IPeerHandler buckets) => _buckets = buckets;

    /// <inheritdoc/>
    public bool TrySend(DatacenterId to, LinkClass linkClass, ReadOnlySpan<byte> payload)
    {
        if (to == _local)
        {
            var isTaken = Route(_local, linkClass, hops: 0, payload);
            _buckets?.OnBatchEnd();
            return isTaken;
        }

        return _held is { } held ? held.Links.TrySend(to, linkClass, payload)
            : StateOf(to) == LinkState.Up && Holder is { } holder && TrySend(holder, new SiloFrame(SiloFrameKind.Outward, linkClass, 0, to, payload));
    }

    /// <inheritdoc/>
    public LinkState StateOf(DatacenterId peer) =>
        _held is { } held ? held.Links.StateOf(peer) : Present?.Report.Links.FirstOrDefault(link => link.Peer == peer)?.State ?? LinkState.Down;

    /// <inheritdoc/>
    public IReadOnlyList<LinkStatus> Status() =>
        _held is { } held ? held.Links.Status()
        : Present is { } present ? present.Report.Links
        : [.. _peers.Select(peer => new LinkStatus(peer, LinkState.Down, "no silo of this datacenter holds the links"))];

    /// <inheritdoc/>
    public void OnPayload(DatacenterId from, LinkClass linkClass, ReadOnlySpan<byte> payload) => Route(from, linkClass, hops: 0, payload);

    /// <inheritdoc/>
    public void OnBatchEnd() => _buckets?.OnBatchEnd();

    /// <inheritdoc/>
    public void OnLinkChanged(DatacenterId peer, LinkState state)
    {
        _buckets?.OnLinkChanged(peer, state);
        Report();
    }

    /// <summary>Takes a batch that another silo has sent.</summary>
    /// <param name="from">That silo.</param>
    /// <param name="batch">Valid during the call only.</param>
    /// <returns>The buckets that the sender took to be here, and are not; each once. What came for them is passed on.</returns>
    public ImmutableArray<BucketId> Receive(SiloName from, ReadOnlySpan<byte> batch)
    {
        HashSet<BucketId> misplaced = [];
        try
        {
            if (batch.IsEmpty || batch[0] != SiloFrame.FormatVersion)
            {
                throw new CorruptionException($"A batch of silo {from} has another format than {SiloFrame.FormatVersion}.");
            }

            for (var rest = batch[1..]; !rest.IsEmpty;)
            {
                Take(from, SiloFrame.Take(ref rest), misplaced);
            }
        }
        catch (CorruptionException reason)
        {
            LogBadBatch(from, reason);
        }

        _buckets?.OnBatchEnd();
        return [.. misplaced];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        foreach (var outbox in _outboxes.Values)
        {
            outbox.Close();
        }
    }

    private void Take(SiloName from, in SiloFrame frame, HashSet<BucketId> misplaced)
    {
        switch (frame.Kind)
        {
            case SiloFrameKind.Inward:
                if (TryFindBucket(frame.Payload) is { } bucket && !_cluster.IsHere(bucket))
                {
                    misplaced.Add(bucket);
                }

                Route(frame.Datacenter, frame.Class, frame.Hops, frame.Payload);
                break;
            case SiloFrameKind.Outward when _peers.Contains(frame.Datacenter):
                // A silo that does not hold the links any more drops it, as a broken connection does.
                _held?.Links.TrySend(frame.Datacenter, frame.Class, frame.Payload);
                break;
            case SiloFrameKind.Report:
                Hear(from, LinkReport.Decode(frame.Payload));
                break;
            default:
                throw new CorruptionException($"Silo {from} sends a payload for datacenter {frame.Datacenter}, which is no peer.");
        }
    }

    private bool TrySend(SiloName to, in SiloFrame frame) =>
        _outboxes.GetOrAdd(new OutboxKey(to, frame.Class), static (key, self) => new SiloOutbox(key.Silo, self._cluster, self._logger, self.Forget), this).TryAdd(frame);

    private void Forget(SiloName silo, ImmutableArray<BucketId> buckets)
    {
        foreach (var bucket in buckets)
        {
            _places.TryRemove(KeyValuePair.Create(bucket, silo));
        }
    }

    /// <summary>Forgets silos that are gone, and what was believed to be there.</summary>
    private void DropGone()
    {
        var members = _cluster.Members;
        foreach (var (key, outbox) in _outboxes)
        {
            if (!members.Contains(key.Silo) && _outboxes.TryRemove(key, out _))
            {
                outbox.Close();
            }
        }

        foreach (var place in _places)
        {
            if (!members.Contains(place.Value))
            {
                _places.TryRemove(place);
            }
        }
    }

    private readonly record struct OutboxKey(SiloName Silo, LinkClass Class);

    [LoggerMessage(6201, LogLevel.Warning, "What silo {Silo} sent was dropped")]
    private partial void LogBadBatch(SiloName silo, Exception reason);
}
