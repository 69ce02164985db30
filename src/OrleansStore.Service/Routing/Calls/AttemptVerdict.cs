namespace OrleansStore.Service.Routing.Calls;

/// <summary>What the end of one attempt means for the request.</summary>
internal enum AttemptVerdict
{
    /// <summary>The request has its answer.</summary>
    Settled = 1,

    /// <summary>This copy changed nothing: the replica does not lead. Ask the leader.</summary>
    NotLeader = 2,

    /// <summary>This copy changed nothing: it did not arrive, or found no leader in time. Ask another replica.</summary>
    NotServed = 3,

    /// <summary>This copy changed nothing: a bound was reached. Ask again after a pause.</summary>
    Throttled = 4,

    /// <summary>This copy may take effect, or have taken it. Ask again with the same id.</summary>
    Lost = 5,
}
