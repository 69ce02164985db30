using OrleansStore.Service.Status;

namespace OrleansStore.Service;

/// <summary>The store as its facades see it: any datacenter answers for any key. Every call passes the one authorization point.</summary>
/// <remarks>
/// Expected outcomes are values in the result. Thrown are <see cref="StoreException"/> with <see cref="ErrorCode.CrossBucket"/> for a transaction whose keys do not share a bucket,
/// with <see cref="ErrorCode.Forbidden"/> where the principal may not do it, and <see cref="OperationCanceledException"/> where the caller gave up waiting, which leaves a write that is
/// under way to its fate. Safe for concurrent use.
/// </remarks>
public interface IStoreService
{
    /// <summary>The name of the datacenter that answers.</summary>
    string Datacenter { get; }

    /// <summary>Why the store cannot serve yet; null once it can. Asking wakes nothing.</summary>
    string? NotReadyReason { get; }

    /// <summary>Performs a transaction. When the status is <see cref="WriteStatus.Applied"/> it is durable on a majority of the bucket's voters.</summary>
    /// <param name="transaction">What to do.</param>
    /// <param name="callersId">The caller's own id for the request, the same for all copies of it that the caller sends; the default to be given one.</param>
    /// <param name="context">Deadline and principal.</param>
    /// <param name="cancellationToken">Ends the waiting, not the write.</param>
    ValueTask<StoreReply<WriteResult>> WriteAsync(Transaction transaction, RequestIdentity callersId, RequestContext context, CancellationToken cancellationToken);

    /// <summary>Reads one record.</summary>
    /// <param name="key">The key.</param>
    /// <param name="consistency">Linearizable, or from the local replica as it is.</param>
    /// <param name="context">Deadline and principal.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask<StoreReply<ReadResult>> ReadAsync(StoreKey key, ReadConsistency consistency, RequestContext context, CancellationToken cancellationToken);

    /// <summary>Reads a page of records in key order over all buckets. Each bucket's part is linearizable when it is read; there is no instant common to all.</summary>
    /// <param name="request">The range and the bounds of the page.</param>
    /// <param name="context">Deadline and principal.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask<ScanReply> ScanAsync(ScanRequest request, RequestContext context, CancellationToken cancellationToken);

    /// <summary>Settles what became of a write: after the answer it can no longer change (invariant 5).</summary>
    /// <param name="key">A key of the write.</param>
    /// <param name="requestId">The id that its answer, or the error, named.</param>
    /// <param name="firstSent">When the first copy of a write under a caller's own id was sent; null if that is not known. Without it the answer is <see cref="OutcomeStatus.Expired"/> for an id
    /// that the bucket does not remember once it has forgotten any. Ids of sessions need none.</param>
    /// <param name="context">Deadline and principal.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask<StoreReply<OutcomeResult>> GetOutcomeAsync(
        StoreKey key, RequestId requestId, WallTime? firstSent, RequestContext context, CancellationToken cancellationToken);

    /// <summary>What this datacenter knows of the store. Wakes no bucket.</summary>
    StoreStatus GetStatus();
}
