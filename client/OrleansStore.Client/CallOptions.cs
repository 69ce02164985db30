namespace OrleansStore.Client;

/// <summary>What every call can be told. Immutable.</summary>
public record CallOptions
{
    /// <summary>How long the call may take with all its retries, in [1 ms, <see cref="MaxTimeout"/>]; null for the default of the store object.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan? Timeout
    {
        get;
        init
        {
            if (value is { } timeout)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.FromMilliseconds(1), nameof(Timeout));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, MaxTimeout, nameof(Timeout));
            }

            field = value;
        }
    }

    /// <summary>The longest deadline that a store takes: 60 s.</summary>
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromSeconds(60);
}
