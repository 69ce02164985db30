namespace OrleansStore.Datacenters.Links;

/// <summary>Limits a rate: bytes may flow at <paramref name="bytesPerSecond"/>, and after a rest up to <paramref name="burstBytes"/> at once.</summary>
/// <param name="bytesPerSecond">Positive.</param>
/// <param name="burstBytes">Positive; the most that is saved up.</param>
/// <param name="now">When it starts, full.</param>
internal sealed class TokenBucket(long bytesPerSecond, int burstBytes, MonotonicTime now)
{
    // Bytes as a real number: at low rates a short step would otherwise round to nothing, for ever.
    private double _tokens = burstBytes;
    private MonotonicTime _refilledAt = now;

    /// <summary>Takes up to <paramref name="wantedBytes"/>.</summary>
    /// <returns>How many bytes may flow now; 0: none before <see cref="WaitFor"/> has passed.</returns>
    public int Take(int wantedBytes, MonotonicTime now)
    {
        Refill(now);
        var granted = (int)Math.Min(wantedBytes, _tokens);
        if (granted < Quantum(wantedBytes))
        {
            return 0;
        }

        _tokens -= granted;
        return granted;
    }

    /// <summary>How long until <see cref="Take"/> grants something of <paramref name="wantedBytes"/>; at least one millisecond.</summary>
    public TimeSpan WaitFor(int wantedBytes, MonotonicTime now)
    {
        Refill(now);
        var seconds = Math.Max(0, Quantum(wantedBytes) - _tokens) / bytesPerSecond;
        return TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(seconds * 1000)));
    }

    // Less than this is not worth a system call, unless it is all that is asked for.
    private int Quantum(int wantedBytes) => Math.Min(wantedBytes, Math.Min(burstBytes, 16 << 10));

    private void Refill(MonotonicTime now)
    {
        if (now > _refilledAt)
        {
            _tokens = Math.Min(burstBytes, _tokens + ((now - _refilledAt).TotalSeconds * bytesPerSecond));
            _refilledAt = now;
        }
    }
}
