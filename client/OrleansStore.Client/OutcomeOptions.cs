namespace OrleansStore.Client;

/// <summary>How the outcome of a write is asked for. Immutable.</summary>
public sealed record OutcomeOptions : CallOptions
{
    /// <summary>When the first copy of the write was sent, by a clock within a minute of the store's; null if that is not known. Only for ids of the caller's own
    /// (<see cref="WriteOptions.IdempotencyKey"/>).</summary>
    /// <remarks>A bucket forgets such an id after some time (10 minutes unless the store is configured otherwise). With this it can tell an id that never came from one that it forgot; without,
    /// the answer for an id that it does not know is <see cref="OutcomeStatus.Expired"/> as soon as it has forgotten any.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is before 1970.</exception>
    public DateTimeOffset? FirstSent
    {
        get;
        init
        {
            if (value is { } time)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(time, DateTimeOffset.UnixEpoch, nameof(FirstSent));
            }

            field = value;
        }
    }

    /// <summary><see cref="FirstSent"/> as the store takes it.</summary>
    internal WallTime? FirstSentTime => FirstSent is { } time ? new WallTime(time.ToUnixTimeMilliseconds()) : null;
}
