namespace OrleansStore.Storage.Databases;

/// <summary>What the database tells of the last flush of a bucket.</summary>
/// <param name="Writer">The bucket, with its newest writer.</param>
/// <param name="LastFlush">The number of that writer's last flush that took effect; 0 for none.</param>
internal readonly record struct FlushTrace(ReplicaWriter Writer, long LastFlush);
