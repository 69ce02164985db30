namespace OrleansStore.Cli.Endpoints;

/// <summary>What a look at an endpoint found.</summary>
internal enum EndpointState
{
    /// <summary>It serves.</summary>
    Ready = 1,

    /// <summary>It answers that it does not serve for now.</summary>
    NotReady = 2,

    /// <summary>Something answers that is no store.</summary>
    Foreign = 3,

    /// <summary>Nothing answers.</summary>
    Unreachable = 4,
}
