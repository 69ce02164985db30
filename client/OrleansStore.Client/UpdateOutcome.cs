namespace OrleansStore.Client;

/// <summary>What became of an update: one of <see cref="Applied"/>, <see cref="Unchanged"/> and <see cref="Unknown"/>, and nothing else.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public abstract record UpdateOutcome<T>
{
    /// <summary>How often an update begins again because somebody else was faster.</summary>
    public const int MaxRounds = 100;

    // Only the nested types derive from this one, so that a switch over them is complete.
    private UpdateOutcome()
    {
    }

    /// <summary>Returns the record after the update: null where there is none. An unknown outcome is thrown.</summary>
    /// <exception cref="StoreException">With <see cref="ErrorCode.OutcomeUnknown"/>.</exception>
    public StoreItem<T>? ThrowIfUnknown() => this switch
    {
        Applied applied => applied.Item,
        Unchanged unchanged => unchanged.Item,
        _ => throw new StoreException(ErrorCode.OutcomeUnknown, $"The update {((Unknown)this).RequestId} may or may not take effect. Ask for its outcome."),
    };

    /// <summary>The change took effect, once.</summary>
    /// <param name="Item">The record as it was written; null where it was deleted.</param>
    /// <param name="Revision">The revision of the change.</param>
    public sealed record Applied(StoreItem<T>? Item, Revision Revision) : UpdateOutcome<T>;

    /// <summary>There was nothing to change.</summary>
    /// <param name="Item">The record as it was read; null where there is none.</param>
    public sealed record Unchanged(StoreItem<T>? Item) : UpdateOutcome<T>;

    /// <summary>The change may or may not take effect, and could not be settled in time.</summary>
    /// <param name="RequestId">Of the last write; for <see cref="IStore.GetOutcomeAsync"/>. No other one of this update took effect.</param>
    public sealed record Unknown(RequestId RequestId) : UpdateOutcome<T>;
}
