using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace OrleansStore.Http.Metrics;

/// <summary>The facade's own instruments, under the meter <c>OrleansStore.Http</c> with the datacenter as its tag.</summary>
internal sealed class RequestMetrics : IDisposable
{
    public const string MeterName = "OrleansStore.Http";

    private const string OtherMethod = "OTHER";

    // Not a status that anybody is sent: the caller had gone.
    private const int AbandonedStatus = 499;
    private const int StatusCount = 600;

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _durations;
    private readonly Counter<long> _throttled;
    private readonly string[] _statusTexts = [.. Enumerable.Range(0, StatusCount).Select(i => i.ToString(CultureInfo.InvariantCulture))];

    /// <summary>Creates the instruments.</summary>
    /// <param name="datacenter">The datacenter that answers.</param>
    /// <param name="inFlight">Gives the number of requests under way.</param>
    /// <param name="bodyBytes">Gives the bytes of request bodies held.</param>
    public RequestMetrics(string datacenter, Func<long> inFlight, Func<long> bodyBytes)
    {
        _meter = new Meter(MeterName, version: null, tags: [new("datacenter", datacenter)]);
        _requests = _meter.CreateCounter<long>("orleansstore.http.requests", "{request}", "Requests answered, by route, method and status.");
        _durations = _meter.CreateHistogram<double>("orleansstore.http.request.duration", "s", "Time from the head of a request to its answer.");
        _throttled = _meter.CreateCounter<long>("orleansstore.http.throttled", "{request}", "Requests refused because too many were under way.");
        _ = _meter.CreateObservableUpDownCounter("orleansstore.http.in_flight", inFlight, "{request}", "Requests under way.");
        _ = _meter.CreateObservableUpDownCounter("orleansstore.http.body", bodyBytes, "By", "Bytes of request bodies held.");
    }

    /// <summary>Counts an answer.</summary>
    public void Answered(Exchange exchange)
    {
        var route = new KeyValuePair<string, object?>("route", exchange.Route.Template);
        var method = new KeyValuePair<string, object?>("method", MethodOf(exchange.Method));
        var status = exchange is { IsAbandoned: true, Response.HasStarted: false } ? AbandonedStatus : exchange.Response.StatusCode;
        _requests.Add(1, route, method, new("status", status is >= 0 and < StatusCount ? _statusTexts[status] : OtherMethod));
        _durations.Record(exchange.Elapsed.TotalSeconds, route, method);
    }

    /// <summary>Counts a request that was refused because of the bound on requests.</summary>
    public void Throttled() => _throttled.Add(1);

    public void Dispose() => _meter.Dispose();

    // Callers invent methods; a label must not let them invent series.
    private static string MethodOf(string method) =>
        HttpMethods.IsGet(method) ? HttpMethods.Get
        : HttpMethods.IsPut(method) ? HttpMethods.Put
        : HttpMethods.IsPost(method) ? HttpMethods.Post
        : HttpMethods.IsDelete(method) ? HttpMethods.Delete
        : HttpMethods.IsHead(method) ? HttpMethods.Head
        : OtherMethod;
}
