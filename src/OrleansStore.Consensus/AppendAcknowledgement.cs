namespace OrleansStore.Consensus;

/// <summary>What a driver hands back when the writes of a <see cref="Ready"/> are durable.</summary>
/// <param name="Term">The term at which the write was issued. An acknowledgement of an earlier term than the current one counts for no entries: they
/// may have been overwritten and appended again meanwhile.</param>
/// <param name="LastEntry">The last entry of the log when the write was issued, if the log was not durable to its end then; default otherwise.</param>
/// <param name="SnapshotIndex">The snapshot that was installed; 0 if none was.</param>
public readonly record struct AppendAcknowledgement(Term Term, EntryId LastEntry, LogIndex SnapshotIndex)
{
    /// <summary>Whether it covers more than the hard state.</summary>
    public bool CoversLog => LastEntry.Index != LogIndex.None || SnapshotIndex != LogIndex.None;
}
