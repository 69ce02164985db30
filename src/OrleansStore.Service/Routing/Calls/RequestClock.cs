namespace OrleansStore.Service.Routing.Calls;

/// <summary>The time that one request has. All waiting for it ends with <see cref="Token"/>: at the deadline, or when the caller gives up.</summary>
internal sealed class RequestClock : IDisposable
{
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationToken _caller;

    /// <summary>Starts the clock.</summary>
    /// <param name="now">The engine's clock.</param>
    /// <param name="timeout">From now to the deadline.</param>
    /// <param name="answerMargin">As <see cref="RouterOptions.AnswerMargin"/>.</param>
    /// <param name="time">Wakes at the deadline.</param>
    /// <param name="caller">The caller's token.</param>
    public RequestClock(MonotonicTime now, TimeSpan timeout, TimeSpan answerMargin, TimeProvider time, CancellationToken caller)
    {
        var margin = answerMargin < timeout / 5 ? answerMargin : timeout / 5;
        LastCopy = now + (timeout - margin);
        _caller = caller;
        _end = new CancellationTokenSource(timeout, time);
        _registration = caller.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), _end);
    }

    /// <summary>When replicas give up the last copy: no copy is sent from here on. The rest of the time is for their answer to that.</summary>
    public MonotonicTime LastCopy { get; }

    /// <summary>Ends all waiting.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Ends the request's time now.</summary>
    public void End() => _end.Cancel();

    /// <summary>Throws if it is the caller who ended the waiting.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public void ThrowIfCallerGaveUp() => _caller.ThrowIfCancellationRequested();

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _end.Dispose();
    }
}
