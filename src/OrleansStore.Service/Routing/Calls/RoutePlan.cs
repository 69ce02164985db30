using OrleansStore.Placement;
using OrleansStore.Service.Engine;

namespace OrleansStore.Service.Routing.Calls;

/// <summary>Decides for one request which replica is asked next, for how long, and when to pause. Performs nothing.</summary>
/// <remarks>
/// The believed leader comes first; if it cannot be reached from here, another datacenter passes the request on to it. Without a belief the replicas are asked
/// in ring order, the primary first, each reachable one in turn: whoever does not lead says who does. A request that any replica may answer goes to the local one first.
/// </remarks>
internal sealed class RoutePlan(PlacementMap map, BucketId bucket, bool anyReplica, LeaderHints hints, IBucketClient client, RouterOptions options)
{
    private const int MaxDoublings = 16;

    // The place in the order of preference from which the next probe is looked for.
    private int _next;
    private int _relays;
    private int _attemptsSincePause;
    private int _pauses;

    // How often the time for a leader, and for a probe, was too short.
    private int _leaderTimeouts;
    private int _probeTimeouts;

    // Who did not serve the last copy.
    private DatacenterId _refused;

    public BucketId Bucket => bucket;

    /// <summary>Whether it is time to pause: with one attempt more than there are replicas, everybody was asked and one hint followed.</summary>
    public bool IsPauseDue => _attemptsSincePause > map.ReplicasPerBucket;

    /// <summary>Chooses where the next copy goes.</summary>
    /// <returns>False if no replica can be reached.</returns>
    public bool TryNext(out RouteHop hop)
    {
        var leader = anyReplica ? DatacenterId.None : hints.Find(bucket);
        if (leader != DatacenterId.None)
        {
            if (client.IsReachable(leader))
            {
                hop = new RouteHop(leader, DatacenterId.None, IsKnownLeader: true);
                return true;
            }

            if (TryFindRelay(leader, out var relay))
            {
                hop = new RouteHop(leader, relay, IsKnownLeader: true);
                return true;
            }

            hints.Drop(bucket, leader);
        }

        return TryProbe(out hop);
    }

    /// <summary>How long the replica is given before another is asked.</summary>
    /// <param name="hop">Where the copy goes.</param>
    /// <param name="remaining">The time that is left for copies.</param>
    public TimeSpan TimeFor(RouteHop hop, TimeSpan remaining)
    {
        var (first, doublings) = hop.IsKnownLeader ? (options.AttemptTimeout, _leaderTimeouts) : (options.ProbeTimeout, _probeTimeouts);
        var time = first * Math.Pow(2, Math.Min(doublings, MaxDoublings));

        // A replica that is cut off from the leader waits for an election that never comes: it must not take all the time of a short
        // request, or who leads would never be found out.
        var most = hop.IsKnownLeader ? remaining : remaining / map.ReplicasPerBucket;
        return time < most ? time : most;
    }

    /// <summary>Takes in how an attempt ended.</summary>
    /// <param name="hop">Where the copy went.</param>
    /// <param name="verdict">How it ended.</param>
    /// <param name="leader">Who leads according to the replica; <see cref="DatacenterId.None"/> if it does not say.</param>
    /// <param name="usedItsTime">Whether it ended because <see cref="TimeFor"/> was over.</param>
    public void Note(RouteHop hop, AttemptVerdict verdict, DatacenterId leader, bool usedItsTime)
    {
        _attemptsSincePause++;
        _refused = verdict == AttemptVerdict.Throttled ? DatacenterId.None : hop.Target;
        if (usedItsTime)
        {
            (hop.IsKnownLeader ? ref _leaderTimeouts : ref _probeTimeouts)++;
        }

        if (anyReplica)
        {
            return;
        }

        if (verdict == AttemptVerdict.Settled)
        {
            hints.Learn(bucket, hop.Target);
        }
        else if (verdict != AttemptVerdict.Throttled)
        {
            if (leader != hop.Target && map.Topology.Find(leader) is not null)
            {
                hints.Learn(bucket, leader);
            }
            else
            {
                hints.Drop(bucket, hop.Target);
            }
        }
    }

    /// <summary>Begins a pause and returns its length.</summary>
    /// <param name="random">Draws from the upper half, so that requests which failed together do not come back together.</param>
    public TimeSpan Pause(IRandomSource random)
    {
        _attemptsSincePause = 0;
        var longest = options.FirstRetryDelay * Math.Pow(2, Math.Min(_pauses++, MaxDoublings));
        longest = longest < options.MaxRetryDelay ? longest : options.MaxRetryDelay;
        const int steps = 1024;
        return longest * ((steps + random.Next(steps)) / (2.0 * steps));
    }

    private bool TryProbe(out RouteHop hop)
    {
        // Whoever has just refused, or not answered, is asked again at once only if there is nobody else.
        return TryProbe(_refused, out hop) || TryProbe(DatacenterId.None, out hop);
    }

    private bool TryProbe(DatacenterId except, out RouteHop hop)
    {
        var ring = map.DatacentersOf(bucket);
        for (var i = 0; i < ring.Length; i++)
        {
            var place = (_next + i) % ring.Length;
            var candidate = ring[anyReplica ? LocalFirst(ring, place) : place];
            if (candidate != except && client.IsReachable(candidate))
            {
                _next = (place + 1) % ring.Length;
                hop = new RouteHop(candidate, DatacenterId.None, IsKnownLeader: anyReplica);
                return true;
            }
        }

        hop = default;
        return false;
    }

    /// <summary>The place in the ring of what is at <paramref name="place"/> if the local replica, where there is one, is moved to the front.</summary>
    private int LocalFirst(ReadOnlySpan<DatacenterId> ring, int place)
    {
        var local = ring.IndexOf(client.Local);
        return local < 0 || place > local ? place : place == 0 ? local : place - 1;
    }

    private bool TryFindRelay(DatacenterId leader, out DatacenterId relay)
    {
        var ring = map.DatacentersOf(bucket);
        var all = map.Topology.Datacenters;

        // The bucket's own datacenters first: they are the ones that talk to its leader. Each try begins one further.
        var count = ring.Length + all.Length;
        for (var i = 0; i < count; i++)
        {
            var place = (_relays + i) % count;
            relay = place < ring.Length ? ring[place] : all[place - ring.Length].Id;
            if (relay != client.Local && relay != leader && client.IsReachable(relay))
            {
                _relays = place + 1;
                return true;
            }
        }

        relay = DatacenterId.None;
        return false;
    }
}
