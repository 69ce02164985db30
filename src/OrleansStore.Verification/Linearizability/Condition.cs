namespace OrleansStore.Verification.Linearizability;

/// <summary>A guard, with its key and value as numbers.</summary>
/// <param name="Kind">What is demanded.</param>
/// <param name="Key">The key's number in its component.</param>
/// <param name="Value">The number of the value demanded; 0 where none is.</param>
/// <param name="Revisions">The revisions listed; empty where none are.</param>
internal readonly record struct Condition(GuardKind Kind, int Key, int Value, ulong[] Revisions);
