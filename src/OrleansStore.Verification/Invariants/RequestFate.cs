namespace OrleansStore.Verification.Invariants;

/// <summary>What became of a request, for good.</summary>
public enum RequestFate
{
    /// <summary>It took effect.</summary>
    Applied = 1,

    /// <summary>It changed nothing and never will.</summary>
    ChangedNothing = 2,
}
