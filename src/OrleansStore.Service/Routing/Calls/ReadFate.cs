using OrleansStore.Buckets.Replicas;

namespace OrleansStore.Service.Routing.Calls;

/// <summary>The fate of a read of one record. It changes nothing, so that a copy that may be under way means nothing.</summary>
internal sealed class ReadFate(StoreKey key, ReadConsistency consistency, RouterOptions options) : RequestFate<ReadResult>(options)
{
    public override BucketRequest CreateCopy(MonotonicTime deadline) => new ReadRequest(key, consistency, deadline);

    protected override AttemptVerdict JudgeReply(in BucketReply reply) => reply.Read is not { } read ? AttemptVerdict.Lost : read.Status switch
    {
        ReadStatus.Found or ReadStatus.NotFound => Settle(read),
        ReadStatus.NotLeader => AttemptVerdict.NotLeader,
        ReadStatus.Throttled => Throttle(read.RetryAfter),
        _ => AttemptVerdict.NotServed,
    };

    protected override ReadResult GiveUp(bool wasThrottled, TimeSpan retryAfter) =>
        new(wasThrottled ? ReadStatus.Throttled : ReadStatus.Unavailable, null, Revision.None, LogIndex.None) { RetryAfter = retryAfter };
}
