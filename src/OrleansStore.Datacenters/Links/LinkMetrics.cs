using System.Diagnostics.Metrics;

namespace OrleansStore.Datacenters.Links;

/// <summary>The meter <c>OrleansStore.Links</c>. Everything is observed when somebody asks; nothing is recorded per payload.</summary>
internal sealed class LinkMetrics : IDisposable
{
    public const string MeterName = "OrleansStore.Links";

    private readonly Meter _meter = new(MeterName);
    private readonly string _own;
    private readonly PeerLink[] _links;

    public LinkMetrics(string own, PeerLink[] links)
    {
        _own = own;
        _links = links;
        _meter.CreateObservableGauge(
            "orleansstore.links.state", () => Observe(link => (int?)link.State), description: "1 down, 2 up, 3 refused.");
        _meter.CreateObservableGauge(
            "orleansstore.links.round_trip", () => Observe(link => link.Status.RoundTrip?.TotalSeconds), "s", "The last measured round trip of a heartbeat.");
        _meter.CreateObservableGauge(
            "orleansstore.links.skew", () => Observe(link => link.Status.Skew?.TotalSeconds), "s", "The peer's wall clock minus ours.");
        _meter.CreateObservableGauge(
            "orleansstore.links.queued", () => Observe(link => (long?)link.Status.QueuedBytes), "By", "Bytes that wait to be sent.");
        _meter.CreateObservableCounter(
            "orleansstore.links.refused", () => Observe(link => (long?)link.Traffic.Refused), "{payload}", "Payloads declined because the queue was full.");
        _meter.CreateObservableCounter("orleansstore.links.sent", () => Observe(link => (long?)link.Traffic.Sent), "By", "Bytes sent.");
        _meter.CreateObservableCounter("orleansstore.links.received", () => Observe(link => (long?)link.Traffic.Received), "By", "Bytes received.");
        _meter.CreateObservableCounter(
            "orleansstore.links.connects", () => Observe(link => (long?)link.Traffic.Connects), "{connect}", "How often both connections came to stand.");
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<T>> Observe<T>(Func<PeerLink, T?> read)
        where T : struct
    {
        foreach (var link in _links)
        {
            if (read(link) is { } value)
            {
                yield return new Measurement<T>(value, new KeyValuePair<string, object?>("datacenter", _own), new KeyValuePair<string, object?>("peer", link.Peer.Name));
            }
        }
    }
}
