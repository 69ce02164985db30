using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Client.Orleans.Calls;

/// <summary>Reads one record.</summary>
internal sealed class GetCall(IStoreRouter router, StoreKey key, ReadConsistency consistency) : GrainCall<ReadResult, StoreItem?>
{
    protected override ValueTask<RouterAnswer<ReadResult>> SendAsync(TimeSpan timeout) => router.ReadAsync(key, consistency, timeout);

    protected override Judgement<StoreItem?> Judge(ReadResult answer, RouterAnswer<ReadResult> whole) => answer switch
    {
        { Status: ReadStatus.Found, Record: { } record } => Judgement<StoreItem?>.Decided(StoreItems.Of(record)),
        { Status: ReadStatus.NotFound } => Judgement<StoreItem?>.Decided(null),
        { Status: ReadStatus.Throttled } => Judgement<StoreItem?>.NotServed(ErrorCode.Throttled, "A bound was reached.", answer.RetryAfter),
        _ => Judgement<StoreItem?>.NotServed(ErrorCode.Unavailable, "The store cannot serve this now.", answer.RetryAfter),
    };
}
