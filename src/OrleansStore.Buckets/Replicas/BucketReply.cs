namespace OrleansStore.Buckets.Replicas;

/// <summary>The answer to a <see cref="BucketRequest"/>: exactly one of the first four members is set, the one that fits the request.</summary>
/// <param name="Token">The request's token.</param>
/// <param name="Write">The answer to a <see cref="WriteRequest"/>.</param>
/// <param name="Outcome">The answer to an <see cref="OutcomeRequest"/>.</param>
/// <param name="Read">The answer to a <see cref="ReadRequest"/>.</param>
/// <param name="Page">The answer to a <see cref="PageRequest"/>.</param>
/// <param name="Leader">Where to ask instead, if the status says that this replica does not lead; <see cref="ReplicaId.None"/> if it does not know.</param>
public readonly record struct BucketReply(
    ulong Token, WriteResult? Write = null, OutcomeResult? Outcome = null, ReadResult? Read = null, ScanPage? Page = null, ReplicaId Leader = default);
