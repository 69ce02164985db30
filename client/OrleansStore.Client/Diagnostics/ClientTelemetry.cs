using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OrleansStore.Client.Diagnostics;

/// <summary>What the client tells about itself: an activity source and a meter, both named <see cref="Name"/>. No tag holds a key or a value.</summary>
internal sealed class ClientTelemetry : IDisposable
{
    public const string Name = "OrleansStore.Client";

    private readonly ActivitySource _source = new(Name);
    private readonly Meter _meter = new(Name);
    private readonly Histogram<double> _duration;
    private readonly UpDownCounter<long> _inFlight;
    private readonly Counter<long> _retries;
    private readonly Counter<long> _failovers;

    public ClientTelemetry()
    {
        _duration = _meter.CreateHistogram<double>("orleansstore.client.request.duration", "s", "Time of a call with all its retries. Its count is that of the calls.");
        _inFlight = _meter.CreateUpDownCounter<long>("orleansstore.client.requests.in_flight", "{request}", "Calls that have not ended.");
        _retries = _meter.CreateCounter<long>("orleansstore.client.retries", "{retry}", "Copies of requests after the first.");
        _failovers = _meter.CreateCounter<long>("orleansstore.client.failovers", "{failover}", "Retries that went to another endpoint than the copy before.");
    }

    /// <summary>Begins a call.</summary>
    /// <returns>Null where nobody traces it.</returns>
    public Activity? Start(string operation)
    {
        if (_inFlight.Enabled)
        {
            _inFlight.Add(1, new KeyValuePair<string, object?>("operation", operation));
        }

        // The name is made only where somebody listens.
        return _source.HasListeners() ? _source.StartActivity($"orleansstore {operation}", ActivityKind.Client)?.SetTag("db.system.name", "orleansstore").SetTag("db.operation.name", operation) : null;
    }

    public void CountRetry(string operation, bool isFailover)
    {
        _retries.Add(1, new KeyValuePair<string, object?>("operation", operation));
        if (isFailover)
        {
            _failovers.Add(1, new KeyValuePair<string, object?>("operation", operation));
        }
    }

    /// <summary>Ends a call.</summary>
    /// <param name="activity">What <see cref="Start"/> gave.</param>
    /// <param name="operation">What was asked for.</param>
    /// <param name="outcome">One of a few words.</param>
    /// <param name="copies">How many copies were sent.</param>
    /// <param name="elapsed">How long it took.</param>
    public void End(Activity? activity, string operation, string outcome, int copies, TimeSpan elapsed)
    {
        if (_inFlight.Enabled)
        {
            _inFlight.Add(-1, new KeyValuePair<string, object?>("operation", operation));
        }

        if (_duration.Enabled)
        {
            _duration.Record(
                elapsed.TotalSeconds, new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("outcome", outcome));
        }

        if (activity is not null)
        {
            activity.SetTag("orleansstore.outcome", outcome).SetTag("orleansstore.copies", copies);
            activity.SetStatus(outcome == CallOutcomes.Answered ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
            activity.Dispose();
        }
    }

    public void Dispose()
    {
        _source.Dispose();
        _meter.Dispose();
    }
}
