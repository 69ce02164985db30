using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Client.Orleans.Calls;

/// <summary>The routers of a cluster, as grains. A silo that dies takes its answers with it, so each is waited for only a little longer than the router was given.</summary>
internal sealed class ClusterRouter(IGrainFactory grains, TimeProvider time) : IStoreRouter
{
    // From a router's word at its deadline to here.
    private static readonly TimeSpan AnswerGrace = TimeSpan.FromMilliseconds(100);

    private readonly IRouterGrain _router = grains.GetGrain<IRouterGrain>(0);

    /// <summary>Whether an exception is a call's that did not get through, rather than a bug.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is OrleansException or TimeoutException or IOException or OperationCanceledException or ObjectDisposedException;

    public ValueTask<RouterAnswer<ReadResult>> ReadAsync(StoreKey key, ReadConsistency consistency, TimeSpan timeout) =>
        BoundAsync(_router.ReadAsync(key, consistency, timeout), timeout);

    public ValueTask<RouterAnswer<WriteResult>> WriteAsync(Transaction transaction, RequestIdentity callersId, TimeSpan timeout) =>
        BoundAsync(_router.WriteAsync(transaction, callersId, timeout), timeout);

    public ValueTask<RouterAnswer<ScanAnswer>> ScanAsync(ScanRequest request, TimeSpan timeout) => BoundAsync(_router.ScanAsync(request, timeout), timeout);

    public ValueTask<RouterAnswer<OutcomeResult>> GetOutcomeAsync(StoreKey key, RequestId requestId, WallTime? firstSent, TimeSpan timeout) =>
        BoundAsync(_router.GetOutcomeAsync(key, requestId, firstSent, timeout), timeout);

    private async ValueTask<RouterAnswer<T>> BoundAsync<T>(ValueTask<RouterAnswer<T>> call, TimeSpan timeout)
        where T : class => await call.AsTask().WaitAsync(timeout + AnswerGrace, time);
}
