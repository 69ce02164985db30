using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansStore.Http.Bodies;
using OrleansStore.Http.KeyValue;
using OrleansStore.Http.Metrics;
using OrleansStore.Http.Observation;
using OrleansStore.Http.Outcomes;
using OrleansStore.Http.Problems;
using OrleansStore.Http.Replies;
using OrleansStore.Http.Scans;
using OrleansStore.Http.Targets;
using OrleansStore.Http.Transactions;

namespace OrleansStore.Http;

/// <summary>The REST facade of one datacenter: routes by the raw target, admits, and turns every failure into the answer it has.</summary>
internal sealed partial class StoreFacade : IDisposable
{
    private readonly FacadeContext _context;
    private readonly RequestMetrics _metrics;
    private readonly MetricCollector _collector;
    private readonly MetricsHandler _metricsHandler;
    private readonly HealthHandler _health;
    private int _inFlight;

    /// <summary>Creates the facade.</summary>
    /// <param name="context">The store and the bounds.</param>
    /// <param name="stopping">Set when the process begins to stop.</param>
    public StoreFacade(FacadeContext context, CancellationToken stopping)
    {
        _context = context;
        _health = new HealthHandler(stopping);
        _collector = new MetricCollector(context.Store.Datacenter, context.Options.MaxSeriesPerMetric);
        _metricsHandler = new MetricsHandler(_collector);
        _metrics = new RequestMetrics(context.Store.Datacenter, () => Volatile.Read(ref _inFlight), () => context.Bodies.Used);
    }

    /// <summary>Answers a request, or passes it on where another endpoint of the same server has its path.</summary>
    public Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        var target = RequestTarget.Parse(http.Features.Get<IHttpRequestFeature>()!.RawTarget);
        var route = Route.Of(target, http.Request.Method);
        return route.Id == RouteId.Unknown && http.GetEndpoint() is not null ? next(http) : ServeAsync(new Exchange(http, target, route, _context));
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _collector.Dispose();
    }

    private async Task ServeAsync(Exchange exchange)
    {
        var isAdmitted = Interlocked.Increment(ref _inFlight) <= _context.Options.MaxConcurrentRequests || !exchange.Route.IsGuarded;
        try
        {
            await (isAdmitted ? AnswerAsync(exchange) : RefuseAsync(exchange));
            await UnreadBody.FinishAsync(exchange);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && exchange.IsAbandoned)
        {
            // The caller went away: nobody waits for an answer. A write under way goes on to its fate.
        }
        finally
        {
            _metrics.Answered(exchange);
            exchange.Body.Release();
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private Task RefuseAsync(Exchange exchange)
    {
        _metrics.Throttled();
        return Reply.ProblemAsync(exchange, Problem.Throttled("Too many requests are under way."));
    }

    private async Task AnswerAsync(Exchange exchange)
    {
        Problem problem;
        try
        {
            await RouteAsync(exchange);
            return;
        }
        catch (Exception e) when (!exchange.Response.HasStarted && !exchange.IsAbandoned)
        {
            // The edge of the process: whatever happened gets the answer that claims least.
            problem = ProblemOf(exchange, e);
        }

        exchange.Response.Clear();
        await Reply.ProblemAsync(exchange, problem);
    }

    private Task RouteAsync(Exchange exchange)
    {
        var route = exchange.Route;
        var problem = route.IsGuarded ? RequestHeaders.RefuseOtherSites(exchange) ?? RequestHeaders.ReadTimeout(exchange) : null;
        if (problem is not null)
        {
            return Reply.ProblemAsync(exchange, problem);
        }

        if (!HttpMethods.IsPut(exchange.Method) && !HttpMethods.IsPost(exchange.Method))
        {
            // A body without a use is settled first: the answer must say whether the connection goes on.
            var leaving = UnreadBody.LeaveAsync(exchange, _context.Options.DrainLimitBytes);
            if (!leaving.IsCompletedSuccessfully)
            {
                return HandleAfterAsync(leaving, exchange);
            }
        }

        return HandleAsync(exchange);
    }

    private async Task HandleAfterAsync(ValueTask leaving, Exchange exchange)
    {
        await leaving;
        await HandleAsync(exchange);
    }

    private Task HandleAsync(Exchange exchange)
    {
        var route = exchange.Route;
        return (route.Id, exchange.Method) switch
        {
            (RouteId.Key, "GET" or "HEAD") => ReadHandler.HandleAsync(exchange),
            (RouteId.Key, "PUT") => WriteHandler.PutAsync(exchange),
            (RouteId.Key, "DELETE") => WriteHandler.DeleteAsync(exchange),
            (RouteId.Scan, "GET" or "HEAD") => ScanHandler.HandleAsync(exchange),
            (RouteId.Transaction, "POST") => TransactionHandler.HandleAsync(exchange),
            (RouteId.Outcomes, "POST") => OutcomeHandler.HandleAsync(exchange),
            (RouteId.Status, "GET" or "HEAD") => StatusHandler.HandleAsync(exchange),
            (RouteId.Live, "GET" or "HEAD") => HealthHandler.LiveAsync(exchange),
            (RouteId.Ready, "GET" or "HEAD") => _health.ReadyAsync(exchange),
            (RouteId.Metrics, "GET" or "HEAD") => _metricsHandler.HandleAsync(exchange),
            (RouteId.OpenApi, "GET" or "HEAD") => OpenApiHandler.HandleAsync(exchange),
            (RouteId.Unknown, _) => Reply.ProblemAsync(exchange, new Problem(ProblemTypes.NotFound, "There is no such path in this interface.")),
            _ => Reply.ProblemAsync(exchange, new Problem(ProblemTypes.MethodNotAllowed, $"This path has {route.Methods}.") { Allow = route.Methods }),
        };
    }

    private Problem ProblemOf(Exchange exchange, Exception exception)
    {
        switch (exception)
        {
            case BadHttpRequestException:
            case IOException when exchange is { IsProposed: false, Body: { IsStarted: true, IsCompleted: false } }:
                return Problem.BadRequest("The body broke off, or its framing is broken.") with { ClosesConnection = true };
            case StoreException store:
                return ProblemDetails.Of(store, exchange.IsProposed);
            case OperationCanceledException when !exchange.IsProposed:
                return new Problem(ProblemTypes.Unavailable, "The request was given up before it was served.");
            default:
                LogFault(_context.Log, exception, exchange.Route.Template, exchange.Http.TraceIdentifier);
                return exchange.IsProposed ? ProblemDetails.FateUnknown() : new Problem(ProblemTypes.Internal, "The fault was logged under this requestId.");
        }
    }
}
