namespace OrleansStore.Verification.Invariants;

/// <summary>What identifies an entry in all logs of a group.</summary>
/// <param name="Index">Its index; 0 before the first.</param>
/// <param name="Term">Its term.</param>
public readonly record struct LogPosition(LogIndex Index, Term Term)
{
    /// <summary>Index and term.</summary>
    public override string ToString() => $"{Index} of term {Term}";
}
