using Microsoft.Extensions.Logging;
using OrleansStore.Datacenters.Links;
using OrleansStore.Service.Peers;

namespace OrleansStore.Datacenters.Silos;

/// <content>Who holds the links, and what the others know of them.</content>
public sealed partial class SiloSwitch
{
    /// <summary>How often the silo that holds the links says so.</summary>
    public static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>How long its word counts.</summary>
    public static readonly TimeSpan ReportPatience = TimeSpan.FromMilliseconds(1000);

    private readonly Lock _hearing = new();
    private long _highest;

    /// <summary>Whether the links that this silo holds are another's by now: it has heard of a newer holder.</summary>
    internal bool IsSuperseded => _held is { } held && held.Number < Interlocked.Read(ref _highest);

    /// <summary>What was last heard of the links, if that still counts.</summary>
    private HeardReport? Present => _heard is { } heard && _time.GetElapsedTime(heard.At) <= ReportPatience ? heard : null;

    /// <summary>This silo holds the links from now on.</summary>
    /// <param name="links">They hand what arrives to this switch.</param>
    /// <param name="number">Of the holding.</param>
    internal void Hold(PeerLinks links, long number)
    {
        lock (_hearing)
        {
            Forget();
            _highest = Math.Max(_highest, number);
            _held = new HeldLinks(links, number);
        }

        LogHeld(_cluster.Self, number);
        Report();
    }

    /// <summary>This silo does not hold the links any more.</summary>
    internal void Release()
    {
        _held = null;
        foreach (var peer in _peers)
        {
            _buckets?.OnLinkChanged(peer, LinkState.Down);
        }
    }

    private void Tick()
    {
        DropGone();
        if (_held is not null)
        {
            Report();
            return;
        }

        lock (_hearing)
        {
            if (_heard is not null && Present is null)
            {
                Forget();
            }
        }
    }

    private void Report()
    {
        if (_held is not { } held)
        {
            return;
        }

        var bytes = new LinkReport(held.Number, held.Links.OwnClock, [.. held.Links.Status()]).Encode();
        foreach (var silo in _cluster.Members)
        {
            if (silo != _cluster.Self)
            {
                TrySend(silo, new SiloFrame(SiloFrameKind.Report, LinkClass.Control, 0, DatacenterId.None, bytes));
            }
        }
    }

    private void Hear(SiloName from, LinkReport report)
    {
        lock (_hearing)
        {
            if (report.Number < _highest)
            {
                // It has not heard yet that it holds them no more.
                return;
            }

            _highest = report.Number;
            if (_held is not null)
            {
                // It steps down by itself.
                return;
            }

            var before = _heard;
            _heard = new HeardReport(from, report, _time.GetTimestamp());
            foreach (var peer in _peers)
            {
                // With the silo that held it the link went down, whatever the next one has to say of its own.
                if (StateIn(before, peer) == LinkState.Up && (before!.From != from || StateIn(_heard, peer) != LinkState.Up))
                {
                    _buckets?.OnLinkChanged(peer, LinkState.Down);
                }
            }
        }
    }

    // Called under the lock.
    private void Forget()
    {
        var before = _heard;
        _heard = null;
        foreach (var peer in _peers)
        {
            if (StateIn(before, peer) == LinkState.Up)
            {
                _buckets?.OnLinkChanged(peer, LinkState.Down);
            }
        }
    }

    private static LinkState StateIn(HeardReport? heard, DatacenterId peer) =>
        heard?.Report.Links.FirstOrDefault(link => link.Peer == peer)?.State ?? LinkState.Down;

    [LoggerMessage(6202, LogLevel.Information, "Silo {Silo} holds the links of its datacenter, as number {Number}")]
    private partial void LogHeld(SiloName silo, long number);

    private sealed record HeldLinks(PeerLinks Links, long Number);

    private sealed record HeardReport(SiloName From, LinkReport Report, long At);
}
