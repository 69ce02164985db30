namespace OrleansStore.Consensus;

/// <summary>What identifies an entry in all logs of a group: two logs that hold an entry of this term at this index are equal up to it
/// (Log Matching, Raft section 5.3).</summary>
/// <param name="Term">The entry's term.</param>
/// <param name="Index">The entry's index.</param>
public readonly record struct EntryId(Term Term, LogIndex Index)
{
    /// <summary>Term and index as <c>term/index</c>.</summary>
    public override string ToString() => $"{Term}/{Index}";
}
