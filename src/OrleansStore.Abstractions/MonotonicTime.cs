using System.Globalization;

namespace OrleansStore;

/// <summary>A reading of one process's monotonic clock: comparable with other readings of that clock and with nothing else.</summary>
/// <remarks>Drivers read the clock (counting suspend where the operating system offers it) and pass the reading in; no layer below them reads one.
/// A reading may be sent to another process only to be echoed back.</remarks>
/// <param name="Ticks">Units of 100 ns since an arbitrary origin that is the same for the life of the process.</param>
public readonly record struct MonotonicTime(long Ticks) : IComparable<MonotonicTime>
{
    /// <summary>The clock's origin.</summary>
    public static readonly MonotonicTime Zero;

    /// <summary>Later than every reading.</summary>
    public static readonly MonotonicTime Never = new(long.MaxValue);

    /// <summary>The reading <paramref name="duration"/> later.</summary>
    public static MonotonicTime operator +(MonotonicTime time, TimeSpan duration) => new(checked(time.Ticks + duration.Ticks));

    /// <summary>The time that passed from <paramref name="earlier"/> to <paramref name="later"/>.</summary>
    public static TimeSpan operator -(MonotonicTime later, MonotonicTime earlier) => new(checked(later.Ticks - earlier.Ticks));

    /// <summary>Whether <paramref name="left"/> was read before <paramref name="right"/>.</summary>
    public static bool operator <(MonotonicTime left, MonotonicTime right) => left.Ticks < right.Ticks;

    /// <summary>Whether <paramref name="left"/> was read after <paramref name="right"/>.</summary>
    public static bool operator >(MonotonicTime left, MonotonicTime right) => left.Ticks > right.Ticks;

    /// <summary>Whether <paramref name="left"/> was not read after <paramref name="right"/>.</summary>
    public static bool operator <=(MonotonicTime left, MonotonicTime right) => left.Ticks <= right.Ticks;

    /// <summary>Whether <paramref name="left"/> was not read before <paramref name="right"/>.</summary>
    public static bool operator >=(MonotonicTime left, MonotonicTime right) => left.Ticks >= right.Ticks;

    /// <inheritdoc/>
    public int CompareTo(MonotonicTime other) => Ticks.CompareTo(other.Ticks);

    /// <summary>Seconds since the origin.</summary>
    public override string ToString() => new TimeSpan(Ticks).TotalSeconds.ToString("0.000000s", CultureInfo.InvariantCulture);
}
