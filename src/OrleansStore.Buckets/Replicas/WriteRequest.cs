namespace OrleansStore.Buckets.Replicas;

/// <summary>A mini-transaction.</summary>
/// <param name="Identity">What makes copies of the request one request.</param>
/// <param name="Transaction">What is to be done; all keys are in this bucket.</param>
/// <param name="Deadline">When the client stops waiting.</param>
/// <param name="RemembersRejection">Whether a rejection must go through the log, so that it binds all copies: always so for a caller's own key. Else a leader that knows a guard to be
/// false may say so without the log, and nobody remembers that it did.</param>
public sealed record WriteRequest(RequestIdentity Identity, Transaction Transaction, MonotonicTime Deadline, bool RemembersRejection = false) : BucketRequest(Deadline);
