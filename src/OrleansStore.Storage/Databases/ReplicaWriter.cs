namespace OrleansStore.Storage.Databases;

/// <summary>One writer of one replica: what every write is conditional on (design invariant 2).</summary>
internal readonly record struct ReplicaWriter(BucketId Bucket, WriterEpoch Epoch);
