using System.Security.Claims;
using OrleansStore.Grains.Abstractions;
using OrleansStore.Service;

namespace OrleansStore.Grains.Routing;

/// <summary>The store as grains of this silo reach it: the router itself, with what a caller did wrong as a value.</summary>
internal sealed class LocalRouter(StoreEngine engine) : IStoreRouter
{
    private static readonly ClaimsPrincipal Anonymous = new();

    private IStoreService Store => engine.Store;

    public async ValueTask<RouterAnswer<ReadResult>> ReadAsync(StoreKey key, ReadConsistency consistency, TimeSpan timeout)
    {
        try
        {
            var reply = await Store.ReadAsync(key, consistency, ContextOf(timeout), CancellationToken.None);
            return new RouterAnswer<ReadResult> { Result = reply.Result, Bucket = reply.Bucket, RequestId = reply.RequestId };
        }
        catch (Exception reason) when (CodeOf(reason) is { } code)
        {
            return Refused<ReadResult>(code, reason);
        }
    }

    public async ValueTask<RouterAnswer<WriteResult>> WriteAsync(Transaction transaction, RequestIdentity callersId, TimeSpan timeout)
    {
        if (FindTooLarge(transaction) is { } refusal)
        {
            return refusal;
        }

        try
        {
            var reply = await Store.WriteAsync(transaction, callersId, ContextOf(timeout), CancellationToken.None);
            return new RouterAnswer<WriteResult> { Result = reply.Result, Bucket = reply.Bucket, RequestId = reply.RequestId };
        }
        catch (Exception reason) when (CodeOf(reason) is { } code)
        {
            return Refused<WriteResult>(code, reason);
        }
    }

    public async ValueTask<RouterAnswer<ScanAnswer>> ScanAsync(ScanRequest request, TimeSpan timeout)
    {
        try
        {
            var reply = await Store.ScanAsync(request, ContextOf(timeout), CancellationToken.None);
            var answer = new ScanAnswer { Status = reply.Status, Records = reply.Records, Next = reply.Next?.ToArray(), RetryAfter = reply.RetryAfter };
            return new RouterAnswer<ScanAnswer> { Result = answer };
        }
        catch (Exception reason) when (CodeOf(reason) is { } code)
        {
            return Refused<ScanAnswer>(code, reason);
        }
    }

    public async ValueTask<RouterAnswer<OutcomeResult>> GetOutcomeAsync(StoreKey key, RequestId requestId, WallTime? firstSent, TimeSpan timeout)
    {
        try
        {
            var reply = await Store.GetOutcomeAsync(key, requestId, firstSent, ContextOf(timeout), CancellationToken.None);
            return new RouterAnswer<OutcomeResult> { Result = reply.Result, Bucket = reply.Bucket, RequestId = reply.RequestId };
        }
        catch (Exception reason) when (CodeOf(reason) is { } code)
        {
            return Refused<OutcomeResult>(code, reason);
        }
    }

    private static Service.RequestContext ContextOf(TimeSpan timeout) => new(timeout, Anonymous);

    // Where a message may have come from another process, the limits are those of every other way in, not what a transaction can hold at most.
    private static RouterAnswer<WriteResult>? FindTooLarge(Transaction transaction)
    {
        foreach (var operation in transaction.Operations)
        {
            if (operation.Value.Length > StoreLimits.DefaultMaxValueBytes)
            {
                return new RouterAnswer<WriteResult>
                {
                    Refusal = ErrorCode.ValueTooLarge,
                    Detail = $"The value has {operation.Value.Length} bytes; at most {StoreLimits.DefaultMaxValueBytes} are allowed.",
                };
            }
        }

        return null;
    }

    private static ErrorCode? CodeOf(Exception reason) => reason switch
    {
        StoreException { IsTransient: false } refused => refused.Code,
        ArgumentException => ErrorCode.BadRequest,
        _ => null,
    };

    private static RouterAnswer<T> Refused<T>(ErrorCode code, Exception reason)
        where T : class => new() { Refusal = code, Detail = reason.Message };
}
