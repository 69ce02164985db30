namespace OrleansStore.Grains.Abstractions;

/// <summary>Bounds of calls of <see cref="IRouterGrain"/>.</summary>
public static class RouterLimits
{
    /// <summary>When a call is given up by the runtime: above the longest deadline of a request, 60 s, which the router keeps by itself.</summary>
    public const string ResponseTimeout = "00:01:05";
}
