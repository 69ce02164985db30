using Orleans.Concurrency;
using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Grains.Routing;

/// <summary>The router of this silo, reached from elsewhere. Its requests wait inside the router, so one activation takes many at a time.</summary>
[StatelessWorker, Reentrant]
internal sealed class RouterGrain(IStoreRouter router) : Grain, IRouterGrain
{
    public ValueTask<RouterAnswer<ReadResult>> ReadAsync(StoreKey key, ReadConsistency consistency, TimeSpan timeout) => router.ReadAsync(key, consistency, timeout);

    public ValueTask<RouterAnswer<WriteResult>> WriteAsync(Transaction transaction, RequestIdentity callersId, TimeSpan timeout) =>
        router.WriteAsync(transaction, callersId, timeout);

    public ValueTask<RouterAnswer<ScanAnswer>> ScanAsync(ScanRequest request, TimeSpan timeout) => router.ScanAsync(request, timeout);

    public ValueTask<RouterAnswer<OutcomeResult>> GetOutcomeAsync(StoreKey key, RequestId requestId, WallTime? firstSent, TimeSpan timeout) =>
        router.GetOutcomeAsync(key, requestId, firstSent, timeout);
}
