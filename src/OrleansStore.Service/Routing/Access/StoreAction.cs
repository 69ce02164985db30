namespace OrleansStore.Service.Routing.Access;

/// <summary>What a principal wants to do.</summary>
public enum StoreAction
{
    /// <summary>Read a record, or test it in a guard.</summary>
    Read = 1,

    /// <summary>Change a record.</summary>
    Write = 2,

    /// <summary>List records.</summary>
    Scan = 3,

    /// <summary>Ask what became of a write, which settles it.</summary>
    SettleOutcome = 4,
}
