namespace OrleansStore.Buckets.Commands;

/// <summary>What a command of a bucket does. The values stand in logs and on the wire: append only, 0 is never valid.</summary>
public enum CommandKind : byte
{
    /// <summary>Changes records: <see cref="TransactionCommand"/>.</summary>
    Transaction = 1,

    /// <summary>Settles what became of a request: <see cref="SettleOutcomeCommand"/>.</summary>
    SettleOutcome = 2,

    /// <summary>Lets time pass: <see cref="AdvanceTimeCommand"/>.</summary>
    AdvanceTime = 3,

    /// <summary>Allows newer formats: <see cref="RaiseFeatureLevelCommand"/>.</summary>
    RaiseFeatureLevel = 4,
}
