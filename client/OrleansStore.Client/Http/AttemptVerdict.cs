namespace OrleansStore.Client.Http;

/// <summary>What one copy of a request came to.</summary>
internal enum AttemptVerdict
{
    /// <summary>The store decided it.</summary>
    Answered = 1,

    /// <summary>The store refuses it, and would refuse the next copy as well.</summary>
    Refused = 2,

    /// <summary>This copy provably did nothing; another may be served.</summary>
    NotServed = 3,

    /// <summary>Nobody can say what this copy did. Another may be sent, because it is the same request.</summary>
    Lost = 4,
}
