namespace OrleansStore.Storage.Databases;

/// <summary>A snapshot that is being written or received: rows that nobody reads before they are switched to.</summary>
/// <param name="Writer">Whose it is; it can only be switched to while that is the newest writer.</param>
/// <param name="IsReceived">Whether another datacenter sends it, so that it is kept when this process ends.</param>
/// <param name="Revision">The bucket's revision in it.</param>
/// <param name="LastIndex">The last entry it covers.</param>
/// <param name="SizeBytes">The announced length of one that is received; 0 for one that is taken here.</param>
internal readonly record struct StagedSnapshot(ReplicaWriter Writer, bool IsReceived, Revision Revision, LogIndex LastIndex, long SizeBytes);
