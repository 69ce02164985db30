namespace OrleansStore.Grains.Abstractions;

/// <summary>The store as grains and clients reach it: through <see cref="IRouterGrain"/> from elsewhere, and as an object of the silo from within. Any datacenter answers for any key.</summary>
/// <remarks>What a caller did wrong, and what it may not do, comes back as <see cref="RouterAnswer{T}.Refusal"/>. Exceptions are the transport's: of a call that ends in one nobody can say what became.
/// Arguments and answers are not copied within a silo: nobody may change their bytes.</remarks>
public interface IStoreRouter
{
    /// <summary>Reads one record.</summary>
    /// <param name="key">The key.</param>
    /// <param name="consistency">Linearizable, or from the local replica as it is.</param>
    /// <param name="timeout">How long the answer may take; above zero, at most 60 s.</param>
    ValueTask<RouterAnswer<ReadResult>> ReadAsync(StoreKey key, ReadConsistency consistency, TimeSpan timeout);

    /// <summary>Performs a transaction. When the status is <see cref="WriteStatus.Applied"/> it is durable on a majority of the bucket's voters.</summary>
    /// <param name="transaction">What to do.</param>
    /// <param name="callersId">The id of the write, the same in all its copies.</param>
    /// <param name="timeout">How long the answer may take; above zero, at most 60 s.</param>
    ValueTask<RouterAnswer<WriteResult>> WriteAsync(Transaction transaction, RequestIdentity callersId, TimeSpan timeout);

    /// <summary>Reads a page of records in key order over all buckets.</summary>
    /// <param name="request">The range and the bounds of the page.</param>
    /// <param name="timeout">How long the answer may take; above zero, at most 60 s.</param>
    ValueTask<RouterAnswer<ScanAnswer>> ScanAsync(ScanRequest request, TimeSpan timeout);

    /// <summary>Settles what became of a write: after the answer it can no longer change (invariant 5).</summary>
    /// <param name="key">A key of the write.</param>
    /// <param name="requestId">The id of the write.</param>
    /// <param name="firstSent">When the first copy of a write under a caller's own id was sent; null if that is not known.</param>
    /// <param name="timeout">How long the answer may take; above zero, at most 60 s.</param>
    ValueTask<RouterAnswer<OutcomeResult>> GetOutcomeAsync(StoreKey key, RequestId requestId, WallTime? firstSent, TimeSpan timeout);
}
