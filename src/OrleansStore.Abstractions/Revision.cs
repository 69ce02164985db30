using System.Globalization;

namespace OrleansStore;

/// <summary>A counter in a bucket's replicated state, raised by one for each command that changes something; kept in snapshots, never lowered. It is not the log index.</summary>
/// <param name="Value">The raw number; 0 means <see cref="None"/>.</param>
public readonly record struct Revision(ulong Value) : IComparable<Revision>
{
    /// <summary>Before the first change.</summary>
    public static readonly Revision None;

    /// <summary>The number after this one.</summary>
    /// <exception cref="OverflowException">This is the largest number.</exception>
    public Revision Next => new(checked(Value + 1));

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <(Revision left, Revision right) => left.Value < right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >(Revision left, Revision right) => left.Value > right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator <=(Revision left, Revision right) => left.Value <= right.Value;

    /// <summary>Compares by <see cref="Value"/>.</summary>
    public static bool operator >=(Revision left, Revision right) => left.Value >= right.Value;

    /// <inheritdoc/>
    public int CompareTo(Revision other) => Value.CompareTo(other.Value);

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
