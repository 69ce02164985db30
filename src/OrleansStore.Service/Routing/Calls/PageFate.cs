using OrleansStore.Buckets.Replicas;

namespace OrleansStore.Service.Routing.Calls;

/// <summary>The fate of a read of a page of one bucket.</summary>
internal sealed class PageFate(ScanRequest scan, RouterOptions options) : RequestFate<ScanPage>(options)
{
    public override BucketRequest CreateCopy(MonotonicTime deadline) => new PageRequest(scan, deadline);

    protected override AttemptVerdict JudgeReply(in BucketReply reply) => reply.Page is not { } page ? AttemptVerdict.Lost : page.Status switch
    {
        ReadStatus.Found => Settle(page),
        ReadStatus.NotLeader => AttemptVerdict.NotLeader,
        ReadStatus.Throttled => Throttle(page.RetryAfter),
        _ => AttemptVerdict.NotServed,
    };

    protected override ScanPage GiveUp(bool wasThrottled, TimeSpan retryAfter) =>
        new(wasThrottled ? ReadStatus.Throttled : ReadStatus.Unavailable, [], null, Revision.None, LogIndex.None) { RetryAfter = retryAfter };
}
