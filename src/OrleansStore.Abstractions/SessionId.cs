using System.Globalization;

namespace OrleansStore;

/// <summary>A session of one client or router with one bucket: 48 bits of creation time, 80 random bits.</summary>
/// <remarks>
/// <para>The creation time is what lets a bucket that has forgotten a session tell so, instead of taking a late copy of one of its requests for
/// a new one. A session is made for a bucket shortly before its first request, never kept in stock.</para>
/// <para>Layout of the number: Unix milliseconds in bits 80 to 127, randomness in bits 0 to 79.</para>
/// </remarks>
/// <param name="Value">The packed number; 0 is not a session.</param>
public readonly record struct SessionId(UInt128 Value) : IComparable<SessionId>
{
    private const int RandomBits = 80;

    /// <summary>When the session was made, by the clock of its maker.</summary>
    public WallTime Created => new((long)(ulong)(Value >> RandomBits));

    /// <summary>Packs a session id.</summary>
    /// <param name="created">The maker's wall-clock time; after <see cref="WallTime.Zero"/> and storable.</param>
    /// <param name="randomHigh">16 random bits.</param>
    /// <param name="randomLow">64 random bits.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="created"/> is out of range.</exception>
    public static SessionId Create(WallTime created, ushort randomHigh, ulong randomLow)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(created, WallTime.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(created, WallTime.Max);
        var high = ((ulong)created.UnixMilliseconds << 16) | randomHigh;
        return new SessionId(new UInt128(high, randomLow));
    }

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <(SessionId left, SessionId right) => left.Value < right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >(SessionId left, SessionId right) => left.Value > right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <=(SessionId left, SessionId right) => left.Value <= right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >=(SessionId left, SessionId right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(SessionId other) => Value.CompareTo(other.Value);

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
