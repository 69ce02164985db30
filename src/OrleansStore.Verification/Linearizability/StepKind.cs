namespace OrleansStore.Verification.Linearizability;

/// <summary>How an operation constrains the order.</summary>
internal enum StepKind
{
    /// <summary>A read that was answered.</summary>
    Read = 1,

    /// <summary>A transaction that was applied.</summary>
    Applied = 2,

    /// <summary>A transaction one of whose guards did not hold.</summary>
    Rejected = 3,

    /// <summary>A transaction of deletes that found none of its records.</summary>
    Missing = 4,

    /// <summary>A transaction of unknown outcome: it may have been applied, once, at any time after it began.</summary>
    Uncertain = 5,
}
