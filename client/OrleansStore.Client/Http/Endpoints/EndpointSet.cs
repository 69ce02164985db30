using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace OrleansStore.Client.Http.Endpoints;

/// <summary>The endpoints in their order of preference, and what is known of each.</summary>
internal sealed partial class EndpointSet(StoreClientOptions options, TimeProvider time, LockedRandom random, ILogger logger)
{
    private readonly long _origin = time.GetTimestamp();

    public ImmutableArray<Endpoint> All { get; } =
        [.. options.Endpoints.Select((address, index) => new Endpoint(index, address, new EndpointHealth(options.FailuresBeforeRest, options.EndpointRest, options.MaxEndpointRest)))];

    /// <summary>The time since this object was made, on a monotonic clock.</summary>
    public TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Takes the verdict on a request.</summary>
    /// <param name="endpoint">Where it went.</param>
    /// <param name="isProbe">What <see cref="EndpointHealth.Enter"/> said of it.</param>
    /// <param name="blame">What it says of the endpoint.</param>
    public void Report(Endpoint endpoint, bool isProbe, Blame blame)
    {
        switch (blame)
        {
            case Blame.None:
                if (endpoint.Health.Succeed())
                {
                    LogServing(logger, endpoint.Origin);
                }

                break;
            case Blame.Undecided:
                endpoint.Health.Abandon(isProbe);
                break;
            default:
                if (endpoint.Health.Fail(Now, isProbe, blame == Blame.Broken, random.NextFraction()) is { } rest && !isProbe)
                {
                    LogResting(logger, endpoint.Origin, rest.TotalMilliseconds);
                }

                break;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Endpoint {Endpoint} fails; it is left alone for {RestMilliseconds:F0} ms and then probed.")]
    private static partial void LogResting(ILogger logger, string endpoint, double restMilliseconds);

    [LoggerMessage(2, LogLevel.Information, "Endpoint {Endpoint} serves again.")]
    private static partial void LogServing(ILogger logger, string endpoint);
}
