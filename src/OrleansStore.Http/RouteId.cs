namespace OrleansStore.Http;

/// <summary>The resources of the interface.</summary>
internal enum RouteId
{
    /// <summary>Everything else.</summary>
    Unknown = 0,

    /// <summary>One key.</summary>
    Key = 1,

    /// <summary>A range of keys.</summary>
    Scan = 2,

    /// <summary>Mini-transactions.</summary>
    Transaction = 3,

    /// <summary>Outcomes of writes.</summary>
    Outcomes = 4,

    /// <summary>What the datacenter knows of the store.</summary>
    Status = 5,

    /// <summary>Whether the process lives.</summary>
    Live = 6,

    /// <summary>Whether the store can serve.</summary>
    Ready = 7,

    /// <summary>Metrics.</summary>
    Metrics = 8,

    /// <summary>The description of the interface.</summary>
    OpenApi = 9,
}
