namespace OrleansStore.Consensus;

/// <summary>A snapshot of the state machine as consensus sees it: where it stands in the log, and a handle to its bytes, which consensus never sees.</summary>
/// <param name="Metadata">The place in the log; not empty.</param>
/// <param name="Handle">Names the bytes for the driver of this replica. It means nothing on another replica: a driver that receives
/// <see cref="Messages.RaftMessageType.InstallSnapshot"/> streams the bytes first and steps the message with a handle of its own.</param>
public sealed record RaftSnapshot(SnapshotMetadata Metadata, ulong Handle = 0);
