namespace OrleansStore.Verification.Histories;

/// <summary>What an answer, or its absence, tells about an operation.</summary>
public enum OperationFate
{
    /// <summary>The store decided it, and the answer says how: it took effect, or it observed why not, at one moment between its begin and its end.</summary>
    Decided = 1,

    /// <summary>It may take effect once, at any time after it began, or never.</summary>
    Unknown = 2,

    /// <summary>It did not and will not take effect, and it says nothing about the store's state.</summary>
    WithoutEffect = 3,
}
