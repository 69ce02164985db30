using OrleansStore.Service;
using OrleansStore.Service.Status;

namespace OrleansStore.Http.Tests.Support;

/// <summary>A store that answers as a test says.</summary>
internal sealed class ScriptedStore : IStoreService
{
    public static readonly RequestId Id = RequestId.ForSession(SessionId.Create(new WallTime(1000), 0, 1), 5);

    private readonly MemoryStore _rest = new();

    public string Datacenter => _rest.Datacenter;

    public string? NotReadyReason { get; set; }

    public Func<Transaction, RequestIdentity, RequestContext, CancellationToken, Task<WriteResult>>? Write { get; set; }

    public Func<RequestContext, CancellationToken, Task<ReadResult>>? Read { get; set; }

    public Func<ScanRequest, ScanReply>? Scan { get; set; }

    public Func<WallTime?, OutcomeResult>? Outcome { get; set; }

    public Func<StoreStatus>? Status { get; set; }

    public async ValueTask<StoreReply<WriteResult>> WriteAsync(Transaction transaction, RequestIdentity callersId, RequestContext context, CancellationToken cancellationToken) =>
        Write is null ? await _rest.WriteAsync(transaction, callersId, context, cancellationToken)
        : new(new BucketId(2), Id, await Write(transaction, callersId, context, cancellationToken));

    public async ValueTask<StoreReply<ReadResult>> ReadAsync(StoreKey key, ReadConsistency consistency, RequestContext context, CancellationToken cancellationToken) =>
        Read is null ? await _rest.ReadAsync(key, consistency, context, cancellationToken) : new(new BucketId(2), Id, await Read(context, cancellationToken));

    public ValueTask<ScanReply> ScanAsync(ScanRequest request, RequestContext context, CancellationToken cancellationToken) =>
        Scan is null ? _rest.ScanAsync(request, context, cancellationToken) : new(Scan(request));

    public ValueTask<StoreReply<OutcomeResult>> GetOutcomeAsync(
        StoreKey key, RequestId requestId, WallTime? firstSent, RequestContext context, CancellationToken cancellationToken) =>
        Outcome is null ? _rest.GetOutcomeAsync(key, requestId, firstSent, context, cancellationToken) : new(new StoreReply<OutcomeResult>(new BucketId(2), requestId, Outcome(firstSent)));

    public StoreStatus GetStatus() => Status?.Invoke() ?? _rest.GetStatus();
}
