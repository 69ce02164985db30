using System.Diagnostics.CodeAnalysis;

namespace OrleansStore.Client.Http.Endpoints;

/// <summary>Where the copies of one request go, one after the other. Not safe for concurrent use.</summary>
/// <remarks>The endpoint that can be used soonest; of several the one that was tried least; of those the one that is preferred.</remarks>
internal sealed class CallRoute(EndpointSet endpoints)
{
    private int[]? _tries;
    private TimeSpan[]? _retryAt;

    /// <summary>The endpoint for the next copy.</summary>
    public Endpoint Next(TimeSpan now)
    {
        var best = endpoints.All[0];
        var bestReady = ReadyAt(best, now);
        for (var i = 1; i < endpoints.All.Length && (bestReady > now || TriesOf(best) > 0); i++)
        {
            var candidate = endpoints.All[i];
            var ready = ReadyAt(candidate, now);
            if (ready < bestReady || (ready == bestReady && TriesOf(candidate) < TriesOf(best)))
            {
                (best, bestReady) = (candidate, ready);
            }
        }

        return best;
    }

    /// <summary>How long to wait before a copy goes to an endpoint, because it asked for that. A rest is no reason to wait: it only makes others preferred.</summary>
    public TimeSpan WaitFor(Endpoint endpoint, TimeSpan now) => _retryAt is { } times && times[endpoint.Index] > now ? times[endpoint.Index] - now : TimeSpan.Zero;

    /// <summary>Takes note of a failed copy.</summary>
    /// <param name="endpoint">Where it went.</param>
    /// <param name="retryAt">When the endpoint wants to see it again; not after now for no wish.</param>
    public void Failed(Endpoint endpoint, TimeSpan retryAt)
    {
        Prepare();
        _tries[endpoint.Index]++;
        _retryAt[endpoint.Index] = retryAt;
    }

    private TimeSpan ReadyAt(Endpoint endpoint, TimeSpan now)
    {
        var ready = endpoint.Health.ReadyAt(now);
        return _retryAt is { } times && times[endpoint.Index] > ready ? times[endpoint.Index] : ready;
    }

    private int TriesOf(Endpoint endpoint) => _tries is null ? 0 : _tries[endpoint.Index];

    // Most requests are served by the first copy and need none of this.
    [MemberNotNull(nameof(_tries), nameof(_retryAt))]
    private void Prepare()
    {
        _tries ??= new int[endpoints.All.Length];
        _retryAt ??= new TimeSpan[endpoints.All.Length];
    }
}
