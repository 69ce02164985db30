namespace OrleansStore.Verification.Linearizability;

/// <summary>Whether a history could have come from one copy of the data.</summary>
public enum LinearizabilityVerdict
{
    /// <summary>There is an order of the operations, each at one moment between its begin and its end, that explains all answers.</summary>
    Linearizable = 1,

    /// <summary>There is no such order.</summary>
    NotLinearizable = 2,

    /// <summary>The search was given up at its bound; nothing is known.</summary>
    Undecided = 3,
}
