namespace OrleansStore.Datacenters.Links;

/// <summary>Estimates a peer's wall clock minus ours from heartbeats, as NTP does (RFC 5905, section 10): of the last samples the one with the shortest
/// round trip counts, because half of the round trip bounds its error.</summary>
internal sealed class ClockFilter
{
    /// <summary>How many samples are kept: 1.2 s at the default interval.</summary>
    public const int Window = 8;

    private readonly ClockEstimate[] _samples = new ClockEstimate[Window];
    private long _count;

    /// <summary>The estimate; null before the first sample.</summary>
    public ClockEstimate? Estimate { get; private set; }

    /// <summary>Adds a sample.</summary>
    /// <param name="roundTrip">Of the heartbeat that the peer echoed; not negative.</param>
    /// <param name="peerWall">The peer's wall clock when it sent, in ticks.</param>
    /// <param name="ownWall">Ours when we received, in ticks.</param>
    public void Add(TimeSpan roundTrip, long peerWall, long ownWall)
    {
        // The peer's reading is half a round trip old if both ways take as long; at worst the whole trip was one way.
        var error = roundTrip / 2;
        _samples[_count++ % Window] = new ClockEstimate(new TimeSpan(peerWall - ownWall) + error, error);

        var best = _samples[0];
        foreach (var sample in _samples.AsSpan(0, (int)Math.Min(_count, Window)))
        {
            best = sample.Error < best.Error ? sample : best;
        }

        Estimate = best;
    }
}
