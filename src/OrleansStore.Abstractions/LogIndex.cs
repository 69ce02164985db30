using System.Globalization;

namespace OrleansStore;

/// <summary>The position of an entry in a Raft log; the first entry is at 1.</summary>
/// <param name="Value">The raw number; 0 means <see cref="None"/>.</param>
public readonly record struct LogIndex(ulong Value) : IComparable<LogIndex>
{
    /// <summary>Before the first entry.</summary>
    public static readonly LogIndex None;

    /// <summary>The number after this one.</summary>
    /// <exception cref="OverflowException">This is the largest number.</exception>
    public LogIndex Next => new(checked(Value + 1));

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <(LogIndex left, LogIndex right) => left.Value < right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >(LogIndex left, LogIndex right) => left.Value > right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <=(LogIndex left, LogIndex right) => left.Value <= right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >=(LogIndex left, LogIndex right) => left.Value >= right.Value;

    /// <summary>The index <paramref name="count"/> places further on.</summary>
    /// <exception cref="OverflowException">The result would exceed 64 bits.</exception>
    public static LogIndex operator +(LogIndex index, ulong count) => new(checked(index.Value + count));

    /// <summary>How many entries lie in <c>(start, index]</c>.</summary>
    /// <exception cref="OverflowException"><paramref name="start"/> is after <paramref name="index"/>.</exception>
    public static ulong operator -(LogIndex index, LogIndex start) => checked(index.Value - start.Value);

    /// <summary>The index before this one.</summary>
    /// <exception cref="OverflowException">This is <see cref="None"/>.</exception>
    public LogIndex Previous => new(checked(Value - 1));

    /// <inheritdoc/>
    public int CompareTo(LogIndex other) => Value.CompareTo(other.Value);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
