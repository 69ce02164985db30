namespace OrleansStore.Grains.Abstractions;

/// <summary>The router of a silo as a stateless worker: key → bucket → the datacenter and silo that lead it, with leader hints and safe retries. Key 0.</summary>
/// <remarks>The members are those of <see cref="IStoreRouter"/>; they stand here again because a response timeout belongs to a method of a grain interface. It is above the longest deadline of a
/// request, which the router keeps by itself.</remarks>
[Alias("orleansstore.router")]
public interface IRouterGrain : IGrainWithIntegerKey
{
    /// <inheritdoc cref="IStoreRouter.ReadAsync"/>
    [Alias("read")]
    [ResponseTimeout(RouterLimits.ResponseTimeout)]
    [return: Immutable]
    ValueTask<RouterAnswer<ReadResult>> ReadAsync([Immutable] StoreKey key, ReadConsistency consistency, TimeSpan timeout);

    /// <inheritdoc cref="IStoreRouter.WriteAsync"/>
    [Alias("write")]
    [ResponseTimeout(RouterLimits.ResponseTimeout)]
    [return: Immutable]
    ValueTask<RouterAnswer<WriteResult>> WriteAsync([Immutable] Transaction transaction, RequestIdentity callersId, TimeSpan timeout);

    /// <inheritdoc cref="IStoreRouter.ScanAsync"/>
    [Alias("scan")]
    [ResponseTimeout(RouterLimits.ResponseTimeout)]
    [return: Immutable]
    ValueTask<RouterAnswer<ScanAnswer>> ScanAsync([Immutable] ScanRequest request, TimeSpan timeout);

    /// <inheritdoc cref="IStoreRouter.GetOutcomeAsync"/>
    [Alias("outcome")]
    [ResponseTimeout(RouterLimits.ResponseTimeout)]
    [return: Immutable]
    ValueTask<RouterAnswer<OutcomeResult>> GetOutcomeAsync([Immutable] StoreKey key, RequestId requestId, WallTime? firstSent, TimeSpan timeout);
}
