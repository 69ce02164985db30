namespace OrleansStore.Storage;

/// <summary>The end of one queued append.</summary>
/// <param name="Bucket">Whose append it was.</param>
/// <param name="Writer">The writer that queued it; a later activation ignores completions of an earlier one.</param>
/// <param name="Token">What the caller passed with the append.</param>
/// <param name="Failure">Null: the append is durable. Otherwise the storage failed and it is unknown whether a restart will find the append.</param>
public readonly record struct AppendCompletion(BucketId Bucket, WriterEpoch Writer, ulong Token, StoreException? Failure);
