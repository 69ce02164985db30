namespace OrleansStore.Client.Tests.Support;

/// <summary>A store that passes calls on, and spoils what a test says.</summary>
internal sealed class FaultyStore(IStore store) : IStore
{
    /// <summary>Asked before each commit; what it returns, if it does, is the outcome that the caller sees.</summary>
    public Func<Transaction, WriteOptions?, Task<WriteOutcome?>> OnCommit { get; set; } = (_, _) => Task.FromResult<WriteOutcome?>(null);

    /// <summary>Asked before each outcome query, likewise.</summary>
    public Func<RequestId, Task<OutcomeResult?>> OnOutcome { get; set; } = _ => Task.FromResult<OutcomeResult?>(null);

    public ValueTask<StoreItem?> GetAsync(StoreKey key, ReadOptions? options = null, CancellationToken cancellationToken = default) =>
        store.GetAsync(key, options, cancellationToken);

    public async ValueTask<WriteOutcome> CommitAsync(Transaction transaction, WriteOptions? options = null, CancellationToken cancellationToken = default) =>
        await OnCommit(transaction, options) ?? await store.CommitAsync(transaction, options, cancellationToken);

    public IAsyncEnumerable<StoreItem> ScanAsync(ScanOptions? options = null, CancellationToken cancellationToken = default) => store.ScanAsync(options, cancellationToken);

    public async ValueTask<OutcomeResult> GetOutcomeAsync(
        StoreKey key, RequestId requestId, OutcomeOptions? options = null, CancellationToken cancellationToken = default) =>
        await OnOutcome(requestId) ?? await store.GetOutcomeAsync(key, requestId, options, cancellationToken);
}
