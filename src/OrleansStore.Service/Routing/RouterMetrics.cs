using System.Diagnostics.Metrics;
using OrleansStore.Service.Routing.Calls;

namespace OrleansStore.Service.Routing;

/// <summary>What an operator wants to know of a router.</summary>
internal sealed class RouterMetrics : IDisposable
{
    public const string MeterName = "OrleansStore.Router";

    private readonly KeyValuePair<string, object?> _datacenter;
    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _redirects;
    private readonly Counter<long> _relays;
    private readonly Counter<long> _unknownOutcomes;
    private readonly Counter<long> _sessions;
    private readonly Histogram<double> _duration;

    /// <summary>Creates the instruments.</summary>
    /// <param name="datacenter">A tag of every measurement: one process may hold several routers.</param>
    /// <param name="inFlight">Reads how many requests are under way.</param>
    public RouterMetrics(string datacenter, Func<int> inFlight)
    {
        _datacenter = new KeyValuePair<string, object?>("datacenter", datacenter);
        _meter = new Meter(MeterName);
        _requests = _meter.CreateCounter<long>("orleansstore.router.requests", "{request}", "Requests ended, by operation and status.");
        _retries = _meter.CreateCounter<long>("orleansstore.router.retries", "{copy}", "Copies of requests that did not settle them, by verdict.");
        _redirects = _meter.CreateCounter<long>("orleansstore.router.redirects", "{copy}", "Copies that reached a replica which does not lead.");
        _relays = _meter.CreateCounter<long>("orleansstore.router.relays", "{copy}", "Copies sent through a third datacenter.");
        _unknownOutcomes = _meter.CreateCounter<long>("orleansstore.router.unknown_outcomes", "{request}", "Writes whose outcome the caller was not told.");
        _sessions = _meter.CreateCounter<long>("orleansstore.router.sessions", "{session}", "Sessions made.");
        _duration = _meter.CreateHistogram<double>("orleansstore.router.duration", "s", "From the call to its answer, by operation.");
        _meter.CreateObservableGauge(
            "orleansstore.router.in_flight", () => new Measurement<int>(inFlight(), _datacenter), "{request}", "Requests under way.");
    }

    /// <summary>Counts the end of a request.</summary>
    /// <param name="operation">The name of a method of the store.</param>
    /// <param name="status">The name of its status.</param>
    /// <param name="duration">From the call to its answer.</param>
    public void CountRequest(string operation, string status, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("operation", operation);
        _requests.Add(1, _datacenter, tag, new KeyValuePair<string, object?>("status", status));
        _duration.Record(duration.TotalSeconds, _datacenter, tag);
        if (status == nameof(WriteStatus.OutcomeUnknown))
        {
            _unknownOutcomes.Add(1, _datacenter);
        }
    }

    public void CountRetry(AttemptVerdict verdict)
    {
        _retries.Add(1, _datacenter, new KeyValuePair<string, object?>("verdict", verdict.ToString()));
        if (verdict == AttemptVerdict.NotLeader)
        {
            _redirects.Add(1, _datacenter);
        }
    }

    public void CountRelay() => _relays.Add(1, _datacenter);

    public void CountSession() => _sessions.Add(1, _datacenter);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
