namespace OrleansStore.Verification.Invariants;

/// <summary>One change of one key.</summary>
/// <param name="Revision">Its revision.</param>
/// <param name="Content">A hash over all that the change says: kind, key, record, time.</param>
public readonly record struct ChangeContent(Revision Revision, ulong Content);
