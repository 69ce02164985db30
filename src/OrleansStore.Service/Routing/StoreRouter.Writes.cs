using System.Runtime.CompilerServices;
using OrleansStore.Placement;
using OrleansStore.Service.Routing.Access;
using OrleansStore.Service.Routing.Calls;

namespace OrleansStore.Service.Routing;

/// <content>Writes, and what became of them (invariants 4 and 5).</content>
public sealed partial class StoreRouter
{
    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<StoreReply<WriteResult>> WriteAsync(
        Transaction transaction, RequestIdentity callersId, RequestContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        CheckTimeout(context);
        Demand(transaction, context);
        var map = _map;
        var bucket = BucketOf(map, transaction);
        if (!_inFlight.TryEnter())
        {
            _metrics.CountRequest("write", nameof(WriteStatus.Throttled), TimeSpan.Zero);
            return new(bucket, callersId.Id, ThrottledWrite());
        }

        var started = _client.Now;
        var status = GaveUp;
        try
        {
            using var clock = StartClock(started, context, cancellationToken);
            var write = new PendingWrite(transaction, PlanFor(map, bucket, ReadConsistency.Linearizable), context, clock);
            var (id, result) = callersId.Id == RequestId.None
                ? await WriteInSessionAsync(write)
                : (callersId.Id, await _caller.CallAsync(write.Plan, new WriteFate(transaction, callersId, _options), context, clock));
            status = result.Status.ToString();
            return new(bucket, id, result);
        }
        finally
        {
            _inFlight.Exit();
            _metrics.CountRequest("write", status, _client.Now - started);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<StoreReply<OutcomeResult>> GetOutcomeAsync(
        StoreKey key, RequestId requestId, WallTime? firstSent, RequestContext context, CancellationToken cancellationToken)
    {
        if (key.IsDefault)
        {
            throw new ArgumentException("An outcome query needs a key.", nameof(key));
        }

        if (requestId.Form == RequestIdForm.None)
        {
            throw new ArgumentException("A request without identity has no outcome to ask for.", nameof(requestId));
        }

        if (firstSent is { IsStorable: false })
        {
            throw new ArgumentOutOfRangeException(nameof(firstSent), firstSent, "The time cannot be sent.");
        }

        CheckTimeout(context);
        Demand(context.Principal, new AccessRequest(StoreAction.SettleOutcome, key.Namespace, key.Bytes));
        var map = _map;
        var bucket = map.BucketOf(key.Namespace, key.Bytes.Span);
        if (!_inFlight.TryEnter())
        {
            _metrics.CountRequest("outcome", nameof(OutcomeStatus.Throttled), TimeSpan.Zero);
            return new(bucket, requestId, new OutcomeResult(OutcomeStatus.Throttled));
        }

        var started = _client.Now;
        var status = GaveUp;
        try
        {
            using var clock = StartClock(started, context, cancellationToken);
            var plan = PlanFor(map, bucket, ReadConsistency.Linearizable);
            var outcome = await _caller.CallAsync(plan, new OutcomeFate(requestId, firstSent, _options), context, clock);
            status = outcome.Status.ToString();
            return new(bucket, requestId, outcome);
        }
        finally
        {
            _inFlight.Exit();
            _metrics.CountRequest("outcome", status, _client.Now - started);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(RequestId Id, WriteResult Result)> WriteInSessionAsync(PendingWrite write)
    {
        for (var renewals = 0; ; renewals++)
        {
            if (_sessions.Of(write.Plan.Bucket).TryTake(_client.Now, _client.Wall) is not { } ticket)
            {
                return (RequestId.None, ThrottledWrite());
            }

            var fate = new WriteFate(write.Transaction, ticket, _options);
            WriteResult? result = null;
            var isIdSpent = false;
            try
            {
                result = await _caller.CallAsync(write.Plan, fate, write.Context, write.Clock);
                result = fate.IsAnswerUncertain ? await SettleAsync(write, ticket.Id, result) : result;
                isIdSpent = fate.IsIdSpent;
            }
            finally
            {
                // What an exception leaves behind nobody can ask for: its id was told to nobody.
                ticket.End(result, isIdSpent);
            }

            if (!isIdSpent)
            {
                return (ticket.Id, result);
            }

            if (renewals == _options.MaxSessionRenewals)
            {
                // The router chose the ids, so the caller can do nothing about them but come back. Most likely the clocks differ too much.
                return (ticket.Id, new WriteResult(WriteStatus.Unavailable, Revision.None) { RetryAfter = _options.ThrottleDelay });
            }
        }
    }

    /// <summary>Has the state machine say what became of a write that a leader rejected without the log while another copy of it may be under way.</summary>
    /// <param name="write">The write.</param>
    /// <param name="id">Its id.</param>
    /// <param name="rejection">What the leader said.</param>
    private async ValueTask<WriteResult> SettleAsync(PendingWrite write, RequestId id, WriteResult rejection)
    {
        var outcome = await _caller.CallAsync(write.Plan, new OutcomeFate(id, firstSent: null, _options), write.Context, write.Clock);
        return outcome.Status switch
        {
            OutcomeStatus.Applied or OutcomeStatus.Rejected when outcome.Result is { } result => result,

            // Every other copy is refused from now on, so the rejection stands.
            OutcomeStatus.NeverApplied => rejection,
            _ => new WriteResult(WriteStatus.OutcomeUnknown, Revision.None),
        };
    }

    private void Demand(Transaction transaction, RequestContext context)
    {
        foreach (var guard in transaction.Guards)
        {
            Demand(context.Principal, new AccessRequest(StoreAction.Read, guard.Key.Namespace, guard.Key.Bytes));
        }

        foreach (var operation in transaction.Operations)
        {
            Demand(context.Principal, new AccessRequest(StoreAction.Write, operation.Key.Namespace, operation.Key.Bytes));
        }
    }

    /// <exception cref="StoreException">The keys do not share a bucket.</exception>
    private static BucketId BucketOf(PlacementMap map, Transaction transaction)
    {
        BucketId? bucket = null;
        foreach (var guard in transaction.Guards)
        {
            Join(guard.Key);
        }

        foreach (var operation in transaction.Operations)
        {
            Join(operation.Key);
        }

        // A transaction has at least one guard or operation.
        return bucket!.Value;

        void Join(StoreKey key)
        {
            var own = map.BucketOf(key.Namespace, key.Bytes.Span);
            bucket ??= own;
            if (own != bucket)
            {
                throw new StoreException(ErrorCode.CrossBucket, $"The keys of the transaction are in buckets {bucket} and {own}; they must share one.");
            }
        }
    }

    private WriteResult ThrottledWrite() => new(WriteStatus.Throttled, Revision.None) { RetryAfter = _options.ThrottleDelay };

    private readonly record struct PendingWrite(Transaction Transaction, RoutePlan Plan, RequestContext Context, RequestClock Clock);
}
