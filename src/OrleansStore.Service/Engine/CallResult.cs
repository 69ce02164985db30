using OrleansStore.Buckets.Replicas;

namespace OrleansStore.Service.Engine;

/// <summary>The end of a call to a replica.</summary>
/// <param name="Status">How far it came.</param>
/// <param name="Reply">The answer; default unless the status is <see cref="CallStatus.Answered"/>. Its token means nothing.</param>
public readonly record struct CallResult(CallStatus Status, BucketReply Reply = default);
