using System.Globalization;

namespace OrleansStore;

/// <summary>A point in wall-clock time, for display and expiry. It orders nothing that safety rests on: leases compare <see cref="MonotonicTime"/>.</summary>
/// <remarks>In replicated state it only ever enters as data: the leader stamps commands, and replicas compare stamps.</remarks>
/// <param name="UnixMilliseconds">Milliseconds since 1970-01-01T00:00:00Z; in [0, <see cref="MaxUnixMilliseconds"/>] wherever it is stored or sent.</param>
public readonly record struct WallTime(long UnixMilliseconds) : IComparable<WallTime>
{
    /// <summary>The last millisecond of the year 9999.</summary>
    public const long MaxUnixMilliseconds = 253_402_300_799_999;

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>1970-01-01T00:00:00Z.</summary>
    public static readonly WallTime Zero;

    /// <summary>The latest time that can be stored.</summary>
    public static readonly WallTime Max = new(MaxUnixMilliseconds);

    /// <summary>Whether the value can be stored and sent.</summary>
    public bool IsStorable => UnixMilliseconds is >= 0 and <= MaxUnixMilliseconds;

    /// <summary>The time <paramref name="duration"/> later, cut to whole milliseconds and to [<see cref="Zero"/>, <see cref="Max"/>].</summary>
    /// <remarks><paramref name="time"/> must be storable, so that the sum fits.</remarks>
    public static WallTime operator +(WallTime time, TimeSpan duration) =>
        new(Math.Clamp(checked(time.UnixMilliseconds + (duration.Ticks / TimeSpan.TicksPerMillisecond)), 0, MaxUnixMilliseconds));

    /// <summary>The time that passed from <paramref name="earlier"/> to <paramref name="later"/>; negative where the order is the other way.</summary>
    public static TimeSpan operator -(WallTime later, WallTime earlier) =>
        new(checked((later.UnixMilliseconds - earlier.UnixMilliseconds) * TimeSpan.TicksPerMillisecond));

    /// <summary>Whether <paramref name="left"/> is earlier.</summary>
    public static bool operator <(WallTime left, WallTime right) => left.UnixMilliseconds < right.UnixMilliseconds;

    /// <summary>Whether <paramref name="left"/> is later.</summary>
    public static bool operator >(WallTime left, WallTime right) => left.UnixMilliseconds > right.UnixMilliseconds;

    /// <summary>Whether <paramref name="left"/> is not later.</summary>
    public static bool operator <=(WallTime left, WallTime right) => left.UnixMilliseconds <= right.UnixMilliseconds;

    /// <summary>Whether <paramref name="left"/> is not earlier.</summary>
    public static bool operator >=(WallTime left, WallTime right) => left.UnixMilliseconds >= right.UnixMilliseconds;

    /// <summary>Reads a time as RFC 3339 writes it, with its offset or <c>Z</c>; cut to milliseconds.</summary>
    /// <returns>False where the text is no such time, or one before 1970.</returns>
    public static bool TryParse(string text, out WallTime time)
    {
        var isTime = DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed) && parsed >= DateTimeOffset.UnixEpoch;
        time = isTime ? new WallTime(parsed.ToUnixTimeMilliseconds()) : Zero;
        return isTime;
    }

    /// <inheritdoc/>
    public int CompareTo(WallTime other) => UnixMilliseconds.CompareTo(other.UnixMilliseconds);

    /// <summary>The time in UTC, ISO 8601 with milliseconds; the raw number where it is not storable.</summary>
    public override string ToString() => IsStorable
        ? DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
        : UnixMilliseconds.ToString(CultureInfo.InvariantCulture);
}
