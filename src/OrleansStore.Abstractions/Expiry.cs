namespace OrleansStore;

/// <summary>When a put says its record ends. The default value is <see cref="Never"/>.</summary>
/// <remarks>A time to live is kept as such until it is applied, so that a retried request has the same content as the first one.</remarks>
public readonly record struct Expiry
{
    private readonly ExpiryKind _kind;

    private Expiry(ExpiryKind kind, long milliseconds)
    {
        _kind = kind;
        Milliseconds = milliseconds;
    }

    /// <summary>The record stays until it is deleted.</summary>
    public static readonly Expiry Never;

    /// <summary>How <see cref="Milliseconds"/> is to be read.</summary>
    public ExpiryKind Kind => _kind == default ? ExpiryKind.Never : _kind;

    /// <summary>The time to live, or the Unix time of the end; 0 for <see cref="Never"/>.</summary>
    public long Milliseconds { get; }

    /// <summary>The record ends this long after it was applied.</summary>
    /// <param name="timeToLive">In [1 ms, <see cref="StoreLimits.MaxTimeToLive"/>]; cut to whole milliseconds.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeToLive"/> is out of range.</exception>
    public static Expiry After(TimeSpan timeToLive)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeToLive, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeToLive, StoreLimits.MaxTimeToLive);
        return new Expiry(ExpiryKind.After, timeToLive.Ticks / TimeSpan.TicksPerMillisecond);
    }

    /// <summary>The record ends at this time. A time that has already passed ends it with the bucket's next command.</summary>
    /// <param name="time">After <see cref="WallTime.Zero"/> and storable.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="time"/> is out of range.</exception>
    public static Expiry At(WallTime time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, WallTime.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time, WallTime.Max);
        return new Expiry(ExpiryKind.At, time.UnixMilliseconds);
    }

    /// <summary>The end of a record that is put at <paramref name="appliedTime"/>; null where it has none.</summary>
    public WallTime? EndsAt(WallTime appliedTime) => Kind switch
    {
        ExpiryKind.After => appliedTime + TimeSpan.FromMilliseconds(Milliseconds),
        ExpiryKind.At => new WallTime(Milliseconds),
        _ => null,
    };
}
