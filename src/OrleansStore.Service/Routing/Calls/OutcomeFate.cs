using OrleansStore.Buckets.Replicas;

namespace OrleansStore.Service.Routing.Calls;

/// <summary>The fate of an outcome query. Copies are harmless: the first one settles, and the others find what it settled.</summary>
internal sealed class OutcomeFate(RequestId id, WallTime? firstSent, RouterOptions options) : RequestFate<OutcomeResult>(options)
{
    public override BucketRequest CreateCopy(MonotonicTime deadline) => new OutcomeRequest(id, firstSent, deadline);

    protected override AttemptVerdict JudgeReply(in BucketReply reply) => reply.Outcome is not { } outcome ? AttemptVerdict.Lost : outcome.Status switch
    {
        OutcomeStatus.Applied or OutcomeStatus.Rejected or OutcomeStatus.NeverApplied or OutcomeStatus.Expired => Settle(outcome),
        OutcomeStatus.NotLeader => AttemptVerdict.NotLeader,
        OutcomeStatus.Unavailable => AttemptVerdict.NotServed,
        OutcomeStatus.Throttled => Throttle(null),
        _ => AttemptVerdict.Lost,
    };

    protected override OutcomeResult GiveUp(bool wasThrottled, TimeSpan retryAfter) => new(
        MayBeUnderWay ? OutcomeStatus.Unknown : wasThrottled ? OutcomeStatus.Throttled : OutcomeStatus.Unavailable);
}
