using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Client.Orleans.Calls;

/// <summary>Asks what became of a write. It settles that, and asking again gets the same answer.</summary>
internal sealed class OutcomeCall(IStoreRouter router, StoreKey key, RequestId requestId, WallTime? firstSent) : GrainCall<OutcomeResult, OutcomeResult>
{
    protected override ValueTask<RouterAnswer<OutcomeResult>> SendAsync(TimeSpan timeout) => router.GetOutcomeAsync(key, requestId, firstSent, timeout);

    protected override Judgement<OutcomeResult> Judge(OutcomeResult answer, RouterAnswer<OutcomeResult> whole) => answer.Status switch
    {
        OutcomeStatus.Applied or OutcomeStatus.Rejected or OutcomeStatus.NeverApplied or OutcomeStatus.Expired => Judgement<OutcomeResult>.Decided(answer),
        OutcomeStatus.Throttled => Judgement<OutcomeResult>.NotServed(ErrorCode.Throttled, "A bound was reached.", answer.Result?.RetryAfter),
        OutcomeStatus.NotLeader or OutcomeStatus.Unavailable => Judgement<OutcomeResult>.NotServed(ErrorCode.Unavailable, "The store cannot settle this now."),
        _ => Judgement<OutcomeResult>.Lost(ErrorCode.OutcomeUnknown, "The question may or may not have been settled."),
    };
}
