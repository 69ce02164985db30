namespace OrleansStore.Cli.Bench;

/// <summary>Which endpoints a benchmark calls.</summary>
internal enum EndpointSpread
{
    /// <summary>All of them; connections are dealt out in turn.</summary>
    RoundRobin = 1,

    /// <summary>Only the first.</summary>
    First = 2,
}
