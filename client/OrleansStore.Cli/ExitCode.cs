namespace OrleansStore.Cli;

/// <summary>How a command ended, for scripts. The values are fixed.</summary>
internal enum ExitCode
{
    /// <summary>It did what it was asked for.</summary>
    Ok = 0,

    /// <summary>It failed in a way that no other code names.</summary>
    Failed = 1,

    /// <summary>It was asked for something that makes no sense; nothing was sent, or the store refused the request as malformed.</summary>
    Usage = 2,

    /// <summary>There is no such record.</summary>
    NotFound = 3,

    /// <summary>A condition did not hold; nothing changed.</summary>
    PreconditionFailed = 4,

    /// <summary>The write may or may not take effect.</summary>
    OutcomeUnknown = 5,

    /// <summary>The store could not be reached, or refuses requests for now; nothing changed.</summary>
    Unavailable = 6,
}
