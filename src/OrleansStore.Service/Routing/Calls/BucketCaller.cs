using System.Runtime.CompilerServices;
using OrleansStore.Service.Engine;

namespace OrleansStore.Service.Routing.Calls;

/// <summary>Sends copies of a request, one after the other, until one is answered or its time is up.</summary>
/// <remarks>At most one copy of a request is waited for at a time. Its number of copies is bounded by its time: between two rounds over the replicas there is a pause. What every request goes
/// through takes its state machines from a pool, here and in the router: they were a sixth of what a write allocates.</remarks>
internal sealed class BucketCaller(IBucketClient client, TimeProvider time, IRandomSource random, RouterOptions options, RouterMetrics metrics)
{
    /// <summary>Performs a request.</summary>
    /// <param name="plan">Where its copies go.</param>
    /// <param name="fate">Makes them and takes in how they end.</param>
    /// <param name="context">Who asks.</param>
    /// <param name="clock">The request's time.</param>
    /// <returns>The answer, or what is left to say when the time is up.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TResult> CallAsync<TResult>(RoutePlan plan, RequestFate<TResult> fate, RequestContext context, RequestClock clock)
        where TResult : class
    {
        while (true)
        {
            clock.ThrowIfCallerGaveUp();
            var now = client.Now;
            if (now >= clock.LastCopy || clock.Token.IsCancellationRequested)
            {
                return fate.GiveUp();
            }

            var verdict = AttemptVerdict.NotServed;
            var isReachable = plan.TryNext(out var hop);
            if (isReachable)
            {
                verdict = await TryAsync(plan, fate, hop, now, context, clock);
                if (verdict == AttemptVerdict.Settled)
                {
                    return fate.Answer!;
                }

                metrics.CountRetry(verdict);
            }

            if ((!isReachable || plan.IsPauseDue || verdict == AttemptVerdict.Throttled) && !await TryPauseAsync(plan, fate, verdict, clock))
            {
                return fate.GiveUp();
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<AttemptVerdict> TryAsync<TResult>(
        RoutePlan plan, RequestFate<TResult> fate, RouteHop hop, MonotonicTime now, RequestContext context, RequestClock clock)
        where TResult : class
    {
        var end = now + plan.TimeFor(hop, clock.LastCopy - now);
        var deadline = end < clock.LastCopy ? end : clock.LastCopy;
        var call = await SendAsync(hop, plan.Bucket, fate.CreateCopy(deadline), context, clock);
        var verdict = fate.Judge(call);
        plan.Note(hop, verdict, new DatacenterId(call.Reply.Leader.Datacenter), usedItsTime: client.Now >= end);
        return verdict;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<CallResult> SendAsync(RouteHop hop, BucketId bucket, Buckets.Replicas.BucketRequest copy, RequestContext context, RequestClock clock)
    {
        try
        {
            if (hop.Relay == DatacenterId.None)
            {
                return await client.CallAsync(hop.Target, bucket, copy, context, clock.Token);
            }

            metrics.CountRelay();
            return await client.RelayAsync(hop.Relay, hop.Target, bucket, copy, context, clock.Token);
        }
        catch (OperationCanceledException) when (clock.Token.IsCancellationRequested)
        {
            // The copy goes on without us.
            clock.ThrowIfCallerGaveUp();
            return new CallResult(CallStatus.Lost);
        }
    }

    /// <returns>False where no time is left for another copy after the pause, or a throttled request was tried often enough.</returns>
    private async ValueTask<bool> TryPauseAsync<TResult>(RoutePlan plan, RequestFate<TResult> fate, AttemptVerdict verdict, RequestClock clock)
        where TResult : class
    {
        var pause = plan.Pause(random);
        if (verdict == AttemptVerdict.Throttled)
        {
            // Where a copy may be under way, its answer is worth asking for to the end: giving up would leave the outcome unknown.
            if (fate.ThrottledCount > options.MaxThrottledRetries && !fate.MayBeUnderWay)
            {
                return false;
            }

            // Not before the time that the replica asked for, nor all at that time.
            pause += fate.RetryAfter;
        }

        if (pause >= clock.LastCopy - client.Now)
        {
            return false;
        }

        try
        {
            await Task.Delay(pause, time, clock.Token);
            return true;
        }
        catch (OperationCanceledException) when (clock.Token.IsCancellationRequested)
        {
            clock.ThrowIfCallerGaveUp();
            return false;
        }
    }
}
