using OrleansStore.Service.Engine;

namespace OrleansStore.Service.Routing.Calls;

/// <summary>What is known so far of the fate of one request, from the ends of its copies, which follow one another.</summary>
/// <typeparam name="TResult">Its answer.</typeparam>
internal abstract class RequestFate<TResult>(RouterOptions options)
    where TResult : class
{
    private bool _wasThrottled;
    private TimeSpan? _retryAfter;

    /// <summary>Whether a copy may still take effect, or have taken it, without this side knowing.</summary>
    // Invariant 5: once true, only an answer that the state machine remembers for this id makes it meaningless; a refusal of another copy never does.
    public bool MayBeUnderWay { get; private set; }

    /// <summary>How often copies were throttled.</summary>
    public int ThrottledCount { get; private set; }

    /// <summary>The pause that the last copy's replica asked for.</summary>
    public TimeSpan RetryAfter => _retryAfter ?? TimeSpan.Zero;

    /// <summary>The answer; null until a verdict was <see cref="AttemptVerdict.Settled"/>.</summary>
    public TResult? Answer { get; private set; }

    protected RouterOptions Options { get; } = options;

    /// <summary>Makes the next copy.</summary>
    /// <param name="deadline">When the replica gives it up.</param>
    public abstract Buckets.Replicas.BucketRequest CreateCopy(MonotonicTime deadline);

    /// <summary>Takes in how a copy ended.</summary>
    public AttemptVerdict Judge(in CallResult call)
    {
        var verdict = call.Status switch
        {
            CallStatus.Answered => JudgeReply(call.Reply),
            CallStatus.NotSent => AttemptVerdict.NotServed,
            _ => AttemptVerdict.Lost,
        };
        MayBeUnderWay |= verdict == AttemptVerdict.Lost;
        ThrottledCount += verdict == AttemptVerdict.Throttled ? 1 : 0;
        _wasThrottled = verdict == AttemptVerdict.Throttled;
        return verdict;
    }

    /// <summary>The answer if nothing more is tried.</summary>
    public TResult GiveUp() => GiveUp(_wasThrottled, _retryAfter ?? Options.ThrottleDelay);

    protected abstract TResult GiveUp(bool wasThrottled, TimeSpan retryAfter);

    /// <summary>Takes in what a replica said. A reply of another kind than the request's is none: <see cref="AttemptVerdict.Lost"/>.</summary>
    protected abstract AttemptVerdict JudgeReply(in Buckets.Replicas.BucketReply reply);

    protected AttemptVerdict Settle(TResult answer)
    {
        Answer = answer;
        return AttemptVerdict.Settled;
    }

    protected AttemptVerdict Throttle(TimeSpan? retryAfter)
    {
        _retryAfter = retryAfter;
        return AttemptVerdict.Throttled;
    }
}
