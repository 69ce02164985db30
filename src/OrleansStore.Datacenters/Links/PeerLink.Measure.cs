namespace OrleansStore.Datacenters.Links;

internal sealed partial class PeerLink
{
    private TimeSpan? _roundTrip;
    private ClockEstimate? _estimate;

    /// <summary>The last estimate of the peer's clock, also while the link is down; null before the first.</summary>
    public ClockEstimate? Estimate
    {
        get
        {
            lock (_gate)
            {
                return _estimate;
            }
        }
    }

    private void Measure()
    {
        var roundTrip = _session?.RoundTrip;
        lock (_gate)
        {
            _roundTrip = roundTrip ?? _roundTrip;
            _estimate = Clock.Estimate;
        }
    }
}
