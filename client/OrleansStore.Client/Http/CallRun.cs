using System.Diagnostics;
using System.Globalization;
using OrleansStore.Client.Diagnostics;
using OrleansStore.Client.Http.Endpoints;
using OrleansStore.Client.Http.Requests;

namespace OrleansStore.Client.Http;

/// <summary>Runs one call: sends copies of its request, one after the other, until one is decided or the deadline leaves no time for another.</summary>
/// <typeparam name="TResult">The type of the answer.</typeparam>
internal sealed class CallRun<TResult>(CallEnvironment environment, StoreCall<TResult> call, TimeSpan timeout, CancellationToken cancellationToken)
{
    // What a server keeps of an attempt's time to tell its fate, before the client stops waiting for it.
    private const double ServerShare = 0.9;
    private static readonly TimeSpan MaxMargin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromMilliseconds(1);

    private readonly TimeSpan _started = environment.Endpoints.Now;
    private readonly CallRoute _route = new(environment.Endpoints);
    private Endpoint? _endpoint;
    private int _copies;
    private bool _mayBeUnderWay;
    private bool _wasAbandoned;

    private TimeSpan Now => environment.Endpoints.Now;

    private TimeSpan Remaining => timeout - (Now - _started);

    /// <exception cref="StoreException">The store refused the call, or could not serve it in time.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<TResult> RunAsync()
    {
        var activity = environment.Telemetry.Start(call.Operation);
        var outcome = CallOutcomes.Failed;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await DecideAsync().ConfigureAwait(false);
            outcome = result is WriteOutcome.Unknown ? CallOutcomes.Unknown : CallOutcomes.Answered;
            return result;
        }
        catch (OperationCanceledException)
        {
            outcome = CallOutcomes.Cancelled;
            throw;
        }
        finally
        {
            call.End(_wasAbandoned);
            environment.Telemetry.End(activity, call.Operation, outcome, _copies, Now - _started);
        }
    }

    private async ValueTask<TResult> DecideAsync()
    {
        while (true)
        {
            var next = _route.Next(Now);
            if (_endpoint is not null)
            {
                environment.Telemetry.CountRetry(call.Operation, isFailover: _endpoint != next);
            }

            _endpoint = next;
            var attempt = await AttemptAsync(next).ConfigureAwait(false);
            if (attempt.Verdict == AttemptVerdict.Answered)
            {
                return attempt.Answer!;
            }

            _mayBeUnderWay |= attempt.Verdict == AttemptVerdict.Lost;
            if (attempt.Verdict == AttemptVerdict.Refused || !await PauseAsync(next, attempt.RetryAfter).ConfigureAwait(false))
            {
                return call.GiveUp(_mayBeUnderWay, attempt.Fault!);
            }
        }
    }

    /// <summary>Waits before the next copy.</summary>
    /// <returns>False where the deadline leaves no time for one.</returns>
    private async ValueTask<bool> PauseAsync(Endpoint endpoint, TimeSpan retryAfter)
    {
        var now = Now;
        _route.Failed(endpoint, now + retryAfter);
        var options = environment.Options;
        var backoff = Math.Min(options.InitialBackoff.Ticks * Math.Pow(2, _copies - 1), options.MaxBackoff.Ticks);
        var pause = TimeSpan.FromTicks((long)(backoff * (0.5 + (environment.Random.NextFraction() / 2))));
        for (var wait = pause; wait > TimeSpan.Zero; wait = _route.WaitFor(_route.Next(Now), Now))
        {
            // Delays are of whole milliseconds; a shorter one would be none.
            wait = wait > ShortestAttempt ? wait : ShortestAttempt;
            if (Remaining - wait < ShortestAttempt)
            {
                return false;
            }

            await Task.Delay(wait, environment.Time, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async ValueTask<Attempt<TResult>> AttemptAsync(Endpoint endpoint)
    {
        var remaining = Remaining;
        var budget = remaining < environment.Options.AttemptTimeout ? remaining : environment.Options.AttemptTimeout;
        _copies++;
        using var copy = call.CreateCopy(endpoint);
        var isProbe = endpoint.Health.Enter(Now);
        var blame = Blame.Undecided;
        using var timer = environment.Timers.Start(budget > ShortestAttempt ? budget : ShortestAttempt, cancellationToken);
        try
        {
            var attempt = await ExchangeAsync(copy, budget, timer.Token).ConfigureAwait(false);
            blame = attempt.Blame;
            return attempt;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            var attempt = FailedExchange<TResult>.Judge(e, copy.Content as RequestBody, endpoint);
            _wasAbandoned |= attempt.Verdict == AttemptVerdict.Lost;
            blame = attempt.Blame;
            return attempt;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            _wasAbandoned = true;
            throw new OperationCanceledException("The caller gave up waiting. A write that is under way may still take effect.", e, cancellationToken);
        }
        finally
        {
            environment.Endpoints.Report(endpoint, isProbe, blame);
        }
    }

    private async ValueTask<Attempt<TResult>> ExchangeAsync(HttpRequestMessage copy, TimeSpan budget, CancellationToken attemptToken)
    {
        var margin = budget * (1 - ServerShare);
        var serverTime = budget - (margin < MaxMargin ? margin : MaxMargin);
        var milliseconds = Math.Max((int)serverTime.TotalMilliseconds, 1);
        copy.Headers.TryAddWithoutValidation(HeaderNames.Timeout, milliseconds.ToString(CultureInfo.InvariantCulture));
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } id } activity)
        {
            copy.Headers.TryAddWithoutValidation(HeaderNames.TraceParent, id);
            if (activity.TraceStateString is { Length: > 0 } state)
            {
                copy.Headers.TryAddWithoutValidation(HeaderNames.TraceState, state);
            }
        }

        using var response = await environment.Invoker.SendAsync(copy, attemptToken).ConfigureAwait(false);
        return await call.ReadAsync(response, attemptToken).ConfigureAwait(false);
    }
}
