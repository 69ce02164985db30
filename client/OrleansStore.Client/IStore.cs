using OrleansStore.Client.Namespaces;

namespace OrleansStore.Client;

/// <summary>The store as a program sees it, however its requests travel.</summary>
/// <remarks>
/// <para>Safe for concurrent use. Every call has a deadline, its own or that of the store object; within it, what can be retried safely is retried. A write keeps one request id
/// through all its copies, so it takes effect at most once.</para>
/// <para>A cancellation token ends the waiting, with <see cref="OperationCanceledException"/>. It does not take back a write that is under way: that may still take effect. Who has to
/// know gives the write an id of their own (<see cref="WriteOptions.IdempotencyKey"/>) and asks <see cref="GetOutcomeAsync"/>.</para>
/// <para>Failures are <see cref="StoreException"/>: where <see cref="StoreException.IsTransient"/> is true, the same call may succeed later. A write that failed so has not happened; one
/// whose fate is not known does not fail, it ends as <see cref="WriteOutcome.Unknown"/>.</para>
/// <para>Keys, values and transactions are not copied: nobody may change their bytes before the call has ended, and after a cancelled write not at all.</para>
/// </remarks>
public interface IStore
{
    /// <summary>Reads one record.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">Consistency and deadline; null for a linearizable read with the default deadline.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The record; its bytes belong to the caller. Null where the key has none.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is no key, or one that this store cannot address.</exception>
    /// <exception cref="StoreException">The read was not served before the deadline, or was refused.</exception>
    ValueTask<StoreItem?> GetAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Performs a transaction over keys of one bucket: all of its operations or none. The short forms below are made of it.</summary>
    /// <param name="transaction">What to do.</param>
    /// <param name="options">Request id and deadline; null for a new id and the default deadline.</param>
    /// <param name="cancellationToken">Ends the waiting, not the write.</param>
    /// <returns>What became of it. <see cref="WriteOutcome.Applied"/> is durable on a majority of the bucket's voters.</returns>
    /// <exception cref="ArgumentException">The transaction says what this store cannot carry.</exception>
    /// <exception cref="StoreException">No copy of this call changed anything: the store could not take the write before the deadline, or refused it. <see cref="ErrorCode.CrossBucket"/>
    /// where the keys do not share a bucket. With an id of the caller's own that says nothing of earlier calls under it; <see cref="ErrorCode.RequestExpired"/> means that what became of
    /// those can no longer be told, or that <see cref="GetOutcomeAsync"/> settled that the write never happens.</exception>
    ValueTask<WriteOutcome> CommitAsync(Transaction transaction, WriteOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Reads records in the order of their keys, over all buckets, a page at a time as they are asked for.</summary>
    /// <param name="options">Range and page size; null for everything.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <returns>The records. Each bucket's part of a page is linearizable when it is read; there is no instant common to all. A key that is present throughout appears exactly once.</returns>
    /// <exception cref="StoreException">While enumerating: a page was not served before its deadline, or was refused.</exception>
    IAsyncEnumerable<StoreItem> ScanAsync(ScanOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Settles what became of a write: after the answer it can no longer change. A write that has not happened by then never will.</summary>
    /// <param name="key">A key of the write.</param>
    /// <param name="requestId">The id that <see cref="WriteOutcome.Unknown"/> named, or <see cref="RequestId.ForKey"/> of the caller's own. Of another write that was answered the store may have forgotten
    /// the rest: then it is <see cref="OutcomeStatus.Expired"/>.</param>
    /// <param name="options">When a write under the caller's own id was first sent, and the deadline; null for not known, and the default one.</param>
    /// <param name="cancellationToken">Ends the waiting; asking again is harmless.</param>
    /// <returns>One of <see cref="OutcomeStatus.Applied"/>, <see cref="OutcomeStatus.Rejected"/>, <see cref="OutcomeStatus.NeverApplied"/> and <see cref="OutcomeStatus.Expired"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="key"/> is no key, or <paramref name="requestId"/> is <see cref="RequestId.None"/>.</exception>
    /// <exception cref="StoreException">There was no answer before the deadline; nothing may have been settled.</exception>
    ValueTask<OutcomeResult> GetOutcomeAsync(StoreKey key, RequestId requestId, OutcomeOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Creates or replaces one record: a short form of <see cref="CommitAsync"/>, made of it where a flavour has nothing better.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, at most what the store accepts (<see cref="StoreLimits.DefaultMaxValueBytes"/> unless configured otherwise).</param>
    /// <param name="condition">What must hold for the write to happen; by default nothing.</param>
    /// <param name="contentType">Printable ASCII of at most <see cref="StoreLimits.MaxContentTypeBytes"/> characters; null for none.</param>
    /// <param name="options">Request id and deadline; null for a new id and the default deadline.</param>
    /// <param name="cancellationToken">Ends the waiting, not the write.</param>
    /// <returns>As for <see cref="CommitAsync"/>.</returns>
    /// <exception cref="ArgumentException">A parameter is out of its range.</exception>
    /// <exception cref="StoreException">As for <see cref="CommitAsync"/>.</exception>
    ValueTask<WriteOutcome> PutAsync(
        StoreKey key,
        ReadOnlyMemory<byte> value,
        WriteCondition condition = default,
        string? contentType = null,
        WriteOptions? options = null,
        CancellationToken cancellationToken = default) =>
        CommitAsync(condition.Guarding(Operation.Put(key, value, contentType)), options, cancellationToken);

    /// <summary>Removes one record: a short form of <see cref="CommitAsync"/>, made of it where a flavour has nothing better.</summary>
    /// <param name="key">The key.</param>
    /// <param name="condition">What must hold for the write to happen; by default nothing.</param>
    /// <param name="options">Request id and deadline; null for a new id and the default deadline.</param>
    /// <param name="cancellationToken">Ends the waiting, not the write.</param>
    /// <returns>As for <see cref="CommitAsync"/>. Where there was no record to remove this is <see cref="WriteOutcome.Applied"/> with <see cref="WriteOutcome.Applied.HasChanged"/> false.</returns>
    /// <exception cref="ArgumentException">A parameter is out of its range.</exception>
    /// <exception cref="StoreException">As for <see cref="CommitAsync"/>.</exception>
    ValueTask<WriteOutcome> DeleteAsync(
        StoreKey key, WriteCondition condition = default, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        CommitAsync(condition.Guarding(Operation.Delete(key)), options, cancellationToken);

    /// <summary>Returns a view of the keys of one namespace: what it writes nobody sees under another name, and it sees nothing else.</summary>
    /// <param name="name">1 to <see cref="StoreNamespace.MaxNameLength"/> characters out of <c>A–Z a–z 0–9 - . _</c>, case-sensitive.</param>
    /// <returns>A view that shares connections and settings with this one; views can be nested.</returns>
    /// <remarks>The name stands in front of every key, as <see cref="StoreNamespace"/> says, so keys of a namespace may be shorter by it. Partition keys work as without.</remarks>
    /// <exception cref="ArgumentException"><paramref name="name"/> is out of range.</exception>
    IStore Namespace(string name) => new NamespacedStore(this, new StoreNamespace(name));
}
