using OrleansStore.Grains.Abstractions;

namespace OrleansStore.Client.Orleans.Calls;

/// <summary>One call: sends copies of its request, one after the other, until one is decided or the deadline leaves no time for another.</summary>
/// <typeparam name="TAnswer">What the router answers.</typeparam>
/// <typeparam name="TResult">What the caller gets.</typeparam>
internal abstract class GrainCall<TAnswer, TResult>
    where TAnswer : class
{
    // What a router keeps of an attempt's time to tell its fate, before this side stops waiting for it.
    private const double RouterShare = 0.9;
    private static readonly TimeSpan MaxMargin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromMilliseconds(1);

    /// <exception cref="StoreException">The store refused the call, or could not serve it in time.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<TResult> RunAsync(CallSettings settings, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = settings.Time.GetTimestamp();
        var mayBeUnderWay = false;
        for (var copies = 1; ; copies++)
        {
            var remaining = timeout - settings.Time.GetElapsedTime(started);
            var attempt = await AttemptAsync(remaining < settings.Options.AttemptTimeout ? remaining : settings.Options.AttemptTimeout, cancellationToken);
            if (attempt.IsDecided)
            {
                return attempt.Result!;
            }

            mayBeUnderWay |= attempt.IsLost;
            var pause = attempt.IsFinal ? TimeSpan.Zero : PauseAfter(settings, copies, attempt.RetryAfter);
            if (attempt.IsFinal || timeout - settings.Time.GetElapsedTime(started) - pause < ShortestAttempt)
            {
                return GiveUp(mayBeUnderWay, attempt.Fault!);
            }

            await Task.Delay(pause, settings.Time, cancellationToken);
        }
    }

    protected abstract ValueTask<RouterAnswer<TAnswer>> SendAsync(TimeSpan timeout);

    protected abstract Judgement<TResult> Judge(TAnswer answer, RouterAnswer<TAnswer> whole);

    /// <summary>What the call comes to when no more copies are sent. For what may be repeated at will: it failed.</summary>
    /// <param name="mayBeUnderWay">Whether a copy was lost, and so may have taken effect or yet do so.</param>
    /// <param name="fault">What the last copy ran into.</param>
    /// <exception cref="StoreException">The call failed; what it asked for did not happen.</exception>
    protected virtual TResult GiveUp(bool mayBeUnderWay, StoreException fault) => throw (fault.Code == ErrorCode.OutcomeUnknown
        ? new StoreException(ErrorCode.Unavailable, fault.Message, isTransient: true, fault)
        : fault);

    private static TimeSpan PauseAfter(CallSettings settings, int copies, TimeSpan retryAfter)
    {
        var backoff = Math.Min(settings.Options.InitialBackoff.Ticks * Math.Pow(2, copies - 1), settings.Options.MaxBackoff.Ticks);
        var pause = TimeSpan.FromTicks((long)(backoff * (0.5 + (settings.Random.NextFraction() / 2))));
        pause = pause > retryAfter ? pause : retryAfter;

        // Delays are of whole milliseconds; a shorter one would be none.
        return pause > ShortestAttempt ? pause : ShortestAttempt;
    }

    private async ValueTask<Judgement<TResult>> AttemptAsync(TimeSpan budget, CancellationToken cancellationToken)
    {
        var margin = budget * (1 - RouterShare);
        var routerTime = budget - (margin < MaxMargin ? margin : MaxMargin);
        try
        {
            var sent = SendAsync(routerTime > ShortestAttempt ? routerTime : ShortestAttempt);
            var answer = cancellationToken.CanBeCanceled ? await sent.AsTask().WaitAsync(cancellationToken) : await sent;
            return answer.Result is { } result
                ? Judge(result, answer)
                : Judgement<TResult>.Refused(answer.Refusal ?? ErrorCode.BadRequest, answer.Detail ?? "The store refuses the request.");
        }
        catch (StoreException fault) when (fault.IsTransient)
        {
            // The store of this silo does not run yet.
            return Judgement<TResult>.NotServed(fault.Code, fault.Message);
        }
        catch (Exception reason) when (ClusterRouter.IsFailure(reason) && !cancellationToken.IsCancellationRequested)
        {
            return Judgement<TResult>.Lost(ErrorCode.Unavailable, $"The call did not come back: {reason.Message}", reason);
        }
    }
}
