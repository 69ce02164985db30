namespace OrleansStore.Storage;

/// <summary>When a bucket that is asleep wants to be woken.</summary>
/// <param name="UtcTicks">Units of 100 ns since 0001-01-01 UTC, as in <see cref="DateTimeOffset.UtcTicks"/>; 0 means <see cref="None"/>.</param>
public readonly record struct DueTime(long UtcTicks)
{
    /// <summary>The bucket needs no waking.</summary>
    public static readonly DueTime None;
}
