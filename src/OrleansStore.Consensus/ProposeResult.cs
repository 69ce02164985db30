namespace OrleansStore.Consensus;

/// <summary>What became of a proposal.</summary>
/// <param name="Status">Where it is.</param>
/// <param name="FirstEntry">Where the first entry of it stands in the log, if it was appended. The proposal was applied if, and only if, the entry that is applied
/// at this index has this term.</param>
public readonly record struct ProposeResult(ProposeStatus Status, EntryId FirstEntry = default)
{
    /// <summary>Whether the entries are in the log of this replica.</summary>
    public bool IsAppended => Status is ProposeStatus.Appended or ProposeStatus.ConfigChangeRefused;
}
