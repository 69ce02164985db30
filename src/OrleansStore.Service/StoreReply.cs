namespace OrleansStore.Service;

/// <summary>An answer with what identifies it.</summary>
/// <typeparam name="T">The answer's type.</typeparam>
/// <param name="Bucket">The bucket of the request's keys.</param>
/// <param name="RequestId">The id of the request: of a write the one to ask for its outcome with.</param>
/// <param name="Result">The answer.</param>
public readonly record struct StoreReply<T>(BucketId Bucket, RequestId RequestId, T Result);
