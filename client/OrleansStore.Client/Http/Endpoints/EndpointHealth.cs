namespace OrleansStore.Client.Http.Endpoints;

/// <summary>Whether an endpoint is worth a request. After enough failures in a row it rests; then one request probes it, and either ends the rest or doubles it.</summary>
/// <remarks>Times are readings of one monotonic clock since any origin, passed in. Safe for concurrent use.</remarks>
/// <param name="failuresBeforeRest">How many failures in a row end its use.</param>
/// <param name="firstRest">The first rest.</param>
/// <param name="maxRest">The longest one.</param>
internal sealed class EndpointHealth(int failuresBeforeRest, TimeSpan firstRest, TimeSpan maxRest)
{
    private readonly Lock _lock = new();

    // Written under the lock, and read without it where the only question is whether anything is wrong at all.
    private volatile bool _isClean = true;
    private int _failures;
    private bool _isProbed;
    private TimeSpan _rest;
    private TimeSpan _restUntil;

    /// <summary>When the endpoint can be used: <paramref name="now"/>, or later while it rests or is being probed.</summary>
    public TimeSpan ReadyAt(TimeSpan now)
    {
        if (_isClean)
        {
            return now;
        }

        lock (_lock)
        {
            return _rest == TimeSpan.Zero ? now : _isProbed ? Later(now, _restUntil) + _rest : Later(now, _restUntil);
        }
    }

    /// <summary>Takes note that a request goes to the endpoint.</summary>
    /// <returns>Whether it is the probe that ends or prolongs the rest. Such a request must be reported, or <see cref="Abandon"/>ed.</returns>
    public bool Enter(TimeSpan now)
    {
        if (_isClean)
        {
            return false;
        }

        lock (_lock)
        {
            if (_rest == TimeSpan.Zero || _isProbed || now < _restUntil)
            {
                return false;
            }

            _isProbed = true;
            return true;
        }
    }

    /// <summary>A request was served. Whether it was a probe or not, this ends the rest.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Succeed()
    {
        if (_isClean)
        {
            return false;
        }

        lock (_lock)
        {
            var rested = _rest > TimeSpan.Zero;
            _failures = 0;
            _isProbed = false;
            _rest = TimeSpan.Zero;
            _isClean = true;
            return rested;
        }
    }

    /// <summary>A request failed.</summary>
    /// <param name="now">The time.</param>
    /// <param name="isProbe">What <see cref="Enter"/> said of it.</param>
    /// <param name="isConclusive">Whether this failure alone is reason enough to rest.</param>
    /// <param name="jitter">In [0, 1): spreads the probes of many clients over the second half of the rest.</param>
    /// <returns>How long the endpoint rests from now on; null where this changed nothing.</returns>
    public TimeSpan? Fail(TimeSpan now, bool isProbe, bool isConclusive, double jitter)
    {
        lock (_lock)
        {
            if (_rest > TimeSpan.Zero && !isProbe)
            {
                // A straggler from before the rest, or a request that went here for want of anything better: it tells nothing new.
                return null;
            }

            _isClean = false;
            _failures = isConclusive ? failuresBeforeRest : Math.Min(_failures + 1, failuresBeforeRest);
            if (_failures < failuresBeforeRest)
            {
                return null;
            }

            _isProbed = false;
            _rest = _rest == TimeSpan.Zero ? firstRest : TimeSpan.FromTicks(Math.Min(_rest.Ticks * 2, maxRest.Ticks));
            var length = _rest * (0.5 + (jitter / 2));
            _restUntil = now + length;
            return length;
        }
    }

    /// <summary>A probe ended without a verdict, because its caller gave up: the next request may be one.</summary>
    public void Abandon(bool isProbe)
    {
        if (isProbe)
        {
            lock (_lock)
            {
                _isProbed = false;
            }
        }
    }

    private static TimeSpan Later(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
