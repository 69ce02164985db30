namespace OrleansStore.Storage.Log;

/// <summary>What is due once a batch is durable: the report of an append, or the release of somebody who waits for all before it.</summary>
internal readonly record struct QueuedCompletion(BucketId Bucket, WriterEpoch Writer, ulong Token, TaskCompletionSource? Barrier);
