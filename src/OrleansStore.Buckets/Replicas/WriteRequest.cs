namespace OrleansStore.Buckets.Replicas;

/// <summary>A mini-transaction.</summary>
/// <param name="Identity">What makes copies of the request one request.</param>
/// <param name="Transaction">What is to be done; all keys are in this bucket.</param>
/// <param name="Deadline">When the client stops waiting.</param>
public sealed record WriteRequest(RequestIdentity Identity, Transaction Transaction, MonotonicTime Deadline) : BucketRequest(Deadline);
