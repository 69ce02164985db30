namespace OrleansStore.Verification.Histories;

/// <summary>One operation as its client saw it: when it was asked for, when it was answered, and with what. Immutable.</summary>
/// <param name="Client">Who asked; operations of one client stand in one lane of the timeline.</param>
/// <param name="Begin">When the client sent it, counted from any origin that all clients of the history share.</param>
/// <param name="End">When the client had the answer, at or after <paramref name="Begin"/>; null where it never came. Of two operations one precedes the other only if
/// its end is before the other's begin: equal times overlap.</param>
public abstract record ClientOperation(int Client, TimeSpan Begin, TimeSpan? End)
{
    /// <summary>What is known of it.</summary>
    public abstract OperationFate Fate { get; }
}
